"""Settings of the Google Sheets connector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onbam.kernel.forms import ADDRESS
from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class SheetsSettings:
    """Which spreadsheet, as whom, and how politely."""

    spreadsheet_id: str = setting(
        "",
        Text(ko="스프레드시트 ID (주소의 /d/ 뒤)", en="Id of the spreadsheet (after /d/ in its address)"),
        env="GOOGLE_SHEET_ID",
    )
    credentials_file: Path = setting(
        Path("google_oauth_credentials.json"),
        Text(
            ko="서비스 계정 키 또는 OAuth 클라이언트 JSON 파일 (홈 폴더 기준)",
            en="Service account key or OAuth client (JSON), relative to the home folder",
        ),
    )
    token_file: Path = setting(
        Path("google_token.json"),
        Text(
            ko="OAuth 클라이언트로 쓸 때 'onbam claims login'이 만드는 토큰 파일 (홈 폴더 기준)",
            en="With an OAuth client: the token that 'onbam claims login' writes, relative to the home folder",
        ),
    )
    timeout_s: float = setting(
        20.0, Text(ko="요청 하나의 제한 시간(초)", en="Hard limit for one request, in seconds"), ge=1, le=170
    )
    reads_per_minute: int = setting(60, Text(ko="이 계정의 분당 읽기 한도", en="Reads a minute of this account"), ge=4, le=3000)
    writes_per_minute: int = setting(
        60, Text(ko="이 계정의 분당 쓰기 한도", en="Writes a minute of this account"), ge=4, le=3000
    )
    machines: int = setting(3, Text(ko="이 계정을 함께 쓰는 PC 수", en="PCs that share this account's quota"), ge=1, le=100)
    api_url: str = setting(
        "https://sheets.googleapis.com",
        Text(ko="Sheets API 주소 (모의 서버용)", en="Address of the Sheets API (for a simulator)"),
        form=ADDRESS,
    )
    drive_url: str = setting(
        "https://www.googleapis.com",
        Text(ko="Drive API 주소 (모의 서버용)", en="Address of the Drive API (for a simulator)"),
        form=ADDRESS,
    )
