"""The part of Google's Sheets v4 discovery document this simulator speaks, as a table.

For: refusing unknown fields, wrong types and unknown enum values, and for checking field masks of answers.
Promises: names and types are Google's (a test compares every line with the discovery document); a field that Google knows and
the simulator does not is written with a minus, so that nothing is left out by accident.
Refuses: to depend on the Google client library at run time.
"""

from __future__ import annotations

from typing import NamedTuple

_TABLE = """
BatchUpdateSpreadsheetRequest requests:[Request] includeSpreadsheetInResponse:bool responseIncludeGridData:bool
    responseRanges:[string] -commentsViewMode
Request addSheet:AddSheetRequest deleteSheet:DeleteSheetRequest updateSheetProperties:UpdateSheetPropertiesRequest
    appendCells:AppendCellsRequest updateCells:UpdateCellsRequest insertDimension:InsertDimensionRequest
    deleteDimension:DeleteDimensionRequest appendDimension:AppendDimensionRequest sortRange:SortRangeRequest
    createDeveloperMetadata:CreateDeveloperMetadataRequest updateDeveloperMetadata:UpdateDeveloperMetadataRequest
    deleteDeveloperMetadata:DeleteDeveloperMetadataRequest addNamedRange:AddNamedRangeRequest
    deleteNamedRange:DeleteNamedRangeRequest findReplace:FindReplaceRequest
    -addBanding -addChart -addCommentReply -addConditionalFormatRule -addDataSource -addDimensionGroup -addFilterView
    -addProtectedRange -addSlicer -addTable -autoFill -autoResizeDimensions -cancelDataSourceRefresh -clearBasicFilter
    -copyPaste -cutPaste -deleteBanding -deleteComment -deleteCommentReply -deleteConditionalFormatRule -deleteDataSource
    -deleteDimensionGroup -deleteDuplicates -deleteEmbeddedObject -deleteFilterView -deleteProtectedRange -deleteRange
    -deleteTable -duplicateFilterView -duplicateSheet -insertComment -insertRange -mergeCells -moveDimension -pasteData
    -randomizeRange -refreshDataSource -repeatCell -setBasicFilter -setDataValidation -textToColumns -trimWhitespace
    -unmergeCells -updateBanding -updateBorders -updateChartSpec -updateCommentPost -updateConditionalFormatRule
    -updateDataSource -updateDimensionGroup -updateDimensionProperties -updateEmbeddedObjectBorder
    -updateEmbeddedObjectPosition -updateFilterView -updateNamedRange -updateProtectedRange -updateSlicerSpec
    -updateSpreadsheetProperties -updateTable
AddSheetRequest properties:SheetProperties
DeleteSheetRequest sheetId:int32
UpdateSheetPropertiesRequest fields:mask properties:SheetProperties
SheetProperties sheetId:int32 title:string index:int32 hidden:bool sheetType:@SheetType gridProperties:GridProperties
    -rightToLeft -dataSourceSheetProperties -tabColor -tabColorStyle
GridProperties rowCount:int32 columnCount:int32 frozenRowCount:int32 frozenColumnCount:int32
    -columnGroupControlAfter -hideGridlines -rowGroupControlAfter
AppendCellsRequest fields:mask rows:[RowData] sheetId:int32 -tableId
UpdateCellsRequest fields:mask range:GridRange rows:[RowData] start:GridCoordinate
GridCoordinate columnIndex:int32 rowIndex:int32 sheetId:int32
RowData values:[CellData]
CellData userEnteredValue:ExtendedValue effectiveValue:ExtendedValue formattedValue:string
    -hyperlink -note -chipRuns -dataSourceFormula -dataSourceTable -dataValidation -effectiveFormat -pivotTable
    -textFormatRuns -userEnteredFormat
ExtendedValue boolValue:bool errorValue:ErrorValue formulaValue:string numberValue:double stringValue:string
ErrorValue message:string type:@ErrorType
InsertDimensionRequest inheritFromBefore:bool range:DimensionRange
DeleteDimensionRequest range:DimensionRange
AppendDimensionRequest dimension:@Dimension length:int32 sheetId:int32
DimensionRange dimension:@Dimension endIndex:int32 sheetId:int32 startIndex:int32
SortRangeRequest range:GridRange sortSpecs:[SortSpec]
SortSpec dimensionIndex:int32 sortOrder:@SortOrder
    -backgroundColor -backgroundColorStyle -dataSourceColumnReference -foregroundColor -foregroundColorStyle
GridRange endColumnIndex:int32 endRowIndex:int32 sheetId:int32 startColumnIndex:int32 startRowIndex:int32
CreateDeveloperMetadataRequest developerMetadata:DeveloperMetadata
UpdateDeveloperMetadataRequest dataFilters:[DataFilter] developerMetadata:DeveloperMetadata fields:mask
DeleteDeveloperMetadataRequest dataFilter:DataFilter
DeveloperMetadata location:DeveloperMetadataLocation metadataId:int32 metadataKey:string metadataValue:string
    visibility:@Visibility
DeveloperMetadataLocation dimensionRange:DimensionRange locationType:@LocationType sheetId:int32 spreadsheet:bool
DataFilter a1Range:string developerMetadataLookup:DeveloperMetadataLookup gridRange:GridRange
DeveloperMetadataLookup locationMatchingStrategy:@MatchingStrategy locationType:@LocationType metadataId:int32
    metadataKey:string metadataLocation:DeveloperMetadataLocation metadataValue:string visibility:@Visibility
AddNamedRangeRequest namedRange:NamedRange
DeleteNamedRangeRequest namedRangeId:string
NamedRange name:string namedRangeId:string range:GridRange
FindReplaceRequest allSheets:bool find:string matchCase:bool matchEntireCell:bool range:GridRange replacement:string
    sheetId:int32 -includeFormulas -searchByRegex
ValueRange majorDimension:@Dimension range:string values:[[any]]
BatchUpdateValuesRequest data:[ValueRange] includeValuesInResponse:bool responseDateTimeRenderOption:@DateTimeRenderOption
    responseValueRenderOption:@ValueRenderOption valueInputOption:@ValueInputOption
BatchClearValuesRequest ranges:[string]
ClearValuesRequest
BatchGetValuesByDataFilterRequest dataFilters:[DataFilter] dateTimeRenderOption:@DateTimeRenderOption
    majorDimension:@Dimension valueRenderOption:@ValueRenderOption
BatchUpdateValuesByDataFilterRequest data:[DataFilterValueRange] includeValuesInResponse:bool
    responseDateTimeRenderOption:@DateTimeRenderOption responseValueRenderOption:@ValueRenderOption
    valueInputOption:@ValueInputOption
DataFilterValueRange dataFilter:DataFilter majorDimension:@Dimension values:[[any]]
BatchClearValuesByDataFilterRequest dataFilters:[DataFilter]
GetSpreadsheetByDataFilterRequest dataFilters:[DataFilter] includeGridData:bool
    -commentsViewMode -excludeTablesInBandedRanges
SearchDeveloperMetadataRequest dataFilters:[DataFilter]
Spreadsheet developerMetadata:[DeveloperMetadata] namedRanges:[NamedRange] properties:SpreadsheetProperties sheets:[Sheet]
    spreadsheetId:string spreadsheetUrl:string -comments -commentsViewMode -dataSourceSchedules -dataSources
SpreadsheetProperties locale:string timeZone:string title:string autoRecalc:@RecalculationInterval
    -importFunctionsExternalUrlAccessAllowed -defaultFormat -iterativeCalculationSettings -spreadsheetTheme
Sheet data:[GridData] developerMetadata:[DeveloperMetadata] merges:[GridRange] properties:SheetProperties
    -bandedRanges -basicFilter -charts -columnGroups -commentAnchors -conditionalFormats -filterViews -protectedRanges
    -rowGroups -slicers -tables
GridData rowData:[RowData] startColumn:int32 startRow:int32 -columnMetadata -rowMetadata
BatchUpdateSpreadsheetResponse replies:[Response] spreadsheetId:string updatedSpreadsheet:Spreadsheet -commentUpdateState
Response addNamedRange:AddNamedRangeResponse addSheet:AddSheetResponse
    createDeveloperMetadata:CreateDeveloperMetadataResponse deleteDeveloperMetadata:DeleteDeveloperMetadataResponse
    findReplace:FindReplaceResponse updateDeveloperMetadata:UpdateDeveloperMetadataResponse
    -addBanding -addChart -addCommentReply -addDataSource -addDimensionGroup -addFilterView -addProtectedRange -addSlicer
    -addTable -cancelDataSourceRefresh -deleteConditionalFormatRule -deleteDimensionGroup -deleteDuplicates
    -duplicateFilterView -duplicateSheet -insertComment -refreshDataSource -trimWhitespace -updateConditionalFormatRule
    -updateDataSource -updateEmbeddedObjectPosition
AddSheetResponse properties:SheetProperties
CreateDeveloperMetadataResponse developerMetadata:DeveloperMetadata
UpdateDeveloperMetadataResponse developerMetadata:[DeveloperMetadata]
DeleteDeveloperMetadataResponse deletedDeveloperMetadata:[DeveloperMetadata]
AddNamedRangeResponse namedRange:NamedRange
FindReplaceResponse formulasChanged:int32 occurrencesChanged:int32 rowsChanged:int32 sheetsChanged:int32 valuesChanged:int32
UpdateValuesResponse spreadsheetId:string updatedCells:int32 updatedColumns:int32 updatedData:ValueRange
    updatedRange:string updatedRows:int32
AppendValuesResponse spreadsheetId:string tableRange:string updates:UpdateValuesResponse
BatchGetValuesResponse spreadsheetId:string valueRanges:[ValueRange]
BatchUpdateValuesResponse responses:[UpdateValuesResponse] spreadsheetId:string totalUpdatedCells:int32
    totalUpdatedColumns:int32 totalUpdatedRows:int32 totalUpdatedSheets:int32
ClearValuesResponse clearedRange:string spreadsheetId:string
BatchClearValuesResponse clearedRanges:[string] spreadsheetId:string
MatchedValueRange dataFilters:[DataFilter] valueRange:ValueRange
BatchGetValuesByDataFilterResponse spreadsheetId:string valueRanges:[MatchedValueRange]
UpdateValuesByDataFilterResponse dataFilter:DataFilter updatedCells:int32 updatedColumns:int32 updatedData:ValueRange
    updatedRange:string updatedRows:int32
BatchUpdateValuesByDataFilterResponse responses:[UpdateValuesByDataFilterResponse] spreadsheetId:string
    totalUpdatedCells:int32 totalUpdatedColumns:int32 totalUpdatedRows:int32 totalUpdatedSheets:int32
BatchClearValuesByDataFilterResponse clearedRanges:[string] spreadsheetId:string
SearchDeveloperMetadataResponse matchedDeveloperMetadata:[MatchedDeveloperMetadata]
MatchedDeveloperMetadata dataFilters:[DataFilter] developerMetadata:DeveloperMetadata
"""

ENUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Dimension": ("Dimension", ("DIMENSION_UNSPECIFIED", "ROWS", "COLUMNS")),
    "SheetType": ("SheetType", ("SHEET_TYPE_UNSPECIFIED", "GRID", "OBJECT", "DATA_SOURCE")),
    "SortOrder": ("SortOrder", ("SORT_ORDER_UNSPECIFIED", "ASCENDING", "DESCENDING")),
    "Visibility": (
        "DeveloperMetadata.DeveloperMetadataVisibility",
        ("DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED", "DOCUMENT", "PROJECT"),
    ),
    "LocationType": (
        "DeveloperMetadataLocation.DeveloperMetadataLocationType",
        ("DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED", "ROW", "COLUMN", "SHEET", "SPREADSHEET"),
    ),
    "MatchingStrategy": (
        "DeveloperMetadataLookup.DeveloperMetadataLocationMatchingStrategy",
        ("DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED", "EXACT_LOCATION", "INTERSECTING_LOCATION"),
    ),
    "DateTimeRenderOption": ("DateTimeRenderOption", ("SERIAL_NUMBER", "FORMATTED_STRING")),
    "ValueRenderOption": ("ValueRenderOption", ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")),
    "ValueInputOption": ("ValueInputOption", ("INPUT_VALUE_OPTION_UNSPECIFIED", "RAW", "USER_ENTERED")),
    "InsertDataOption": ("InsertDataOption", ("OVERWRITE", "INSERT_ROWS")),
    "RecalculationInterval": (
        "SpreadsheetProperties.RecalculationInterval",
        ("RECALCULATION_INTERVAL_UNSPECIFIED", "ON_CHANGE", "MINUTE", "HOUR"),
    ),
    "ErrorType": (
        "ErrorValue.ErrorType",
        ("ERROR_TYPE_UNSPECIFIED", "ERROR", "NULL_VALUE", "DIVIDE_BY_ZERO", "VALUE", "REF", "NAME", "NUM", "N_A", "LOADING"),
    ),
}
"""Short name → (the name Google uses in its refusals, below `google.apps.sheets.v4.`; the values of the wire)."""

ONE_OF: dict[str, tuple[str, frozenset[str] | None]] = {
    "Request": ("kind", None),
    "ExtendedValue": ("value", None),
    "DataFilter": ("filter", None),
    "DeveloperMetadataLocation": ("location", frozenset({"spreadsheet", "sheetId", "dimensionRange"})),
    "UpdateCellsRequest": ("area", frozenset({"start", "range"})),
}
"""Schemas of which only one field may be set: the name of the group, and its fields (none: all)."""

COMMON_QUERY = frozenset(
    {"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "uploadType"}
    | {"upload_protocol"}
)
"""Query parameters every Google method knows."""


_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "mask": (str,),
    "bool": (bool,),
    "int32": (int,),
    "double": (int, float),
}


class Kind(NamedTuple):
    """The type of one field: `name` is a scalar, a schema or an enum; `depth` counts the lists around it."""

    name: str
    depth: int
    enum: bool
    snake: str
    """The field's name as Google writes it in a refusal."""
    accepts: tuple[type, ...]
    """The Python types of a scalar; nothing for messages and enums."""


def snake(name: str) -> str:
    """`startRowIndex` → `start_row_index`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _read_table() -> tuple[dict[str, dict[str, Kind]], dict[str, frozenset[str]]]:
    schemas: dict[str, dict[str, Kind]] = {}
    left_out: dict[str, set[str]] = {}
    current = ""
    for line in _TABLE.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            current = words.pop(0)
            schemas[current], left_out[current] = {}, set()
        for word in words:
            if word.startswith("-"):
                left_out[current].add(word[1:])
                continue
            name, _, kind = word.partition(":")
            bare = kind.strip("[]")
            plain = bare.lstrip("@")
            schemas[current][name] = Kind(plain, kind.count("["), bare != plain, snake(name), _SCALARS.get(plain, ()))
    return schemas, {name: frozenset(fields) for name, fields in left_out.items()}


SCHEMAS, LEFT_OUT = _read_table()
"""Schema → field → type; and schema → the fields Google knows and the simulator does not do."""
