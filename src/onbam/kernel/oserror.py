"""What the system says of a file that could not be read or written, in the reader's language.

For: whoever shows an `OSError` to a person; the system's own words are English, or whatever it was installed in.
Promises: the usual ones in both languages; any other as the system says it.
Refuses: to say what to do: that depends on what was wanted.
"""

from __future__ import annotations

import errno
from typing import Final

from onbam.kernel.words import Said, Text, plain

_USUAL: Final = {
    errno.ENOENT: Text(ko="그런 파일이나 폴더가 없음", en="there is no such file or folder"),
    errno.ENOTDIR: Text(ko="경로의 일부가 폴더가 아님", en="a part of the path is no folder"),
    errno.EISDIR: Text(ko="파일이 아니라 폴더임", en="it is a folder and no file"),
    errno.EACCES: Text(ko="권한이 없음", en="not allowed"),
    errno.EPERM: Text(ko="권한이 없음", en="not allowed"),
    errno.EROFS: Text(ko="읽기 전용 디스크임", en="the disk is read-only"),
    errno.ENOSPC: Text(ko="디스크에 자리가 없음", en="the disk is full"),
    errno.ENAMETOOLONG: Text(ko="이름이 너무 김", en="the name is too long"),
    errno.EIO: Text(ko="디스크 오류", en="the disk failed"),
}


def what_of(error: OSError) -> Said:
    """In words."""
    text = _USUAL.get(error.errno or 0)
    return text() if text is not None else plain(error.strerror or type(error).__name__)()
