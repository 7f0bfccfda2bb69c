"""What the system says of a file that could not be read or written, in the reader's language.

For: whoever shows an `OSError` to a person; the system's own words are English, or whatever it was installed in.
Promises: the usual ones in both languages, Windows' own numbers before those Python makes of them (a file that is open
elsewhere is not one we have no right to); any other as the system says it.
Refuses: to say what to do: that depends on what was wanted.
"""

from __future__ import annotations

import errno
from typing import Final

from onbam.kernel.words import Said, Text, plain

_FULL: Final = Text(ko="디스크에 자리가 없음", en="the disk is full")
_IN_USE: Final = Text(ko="다른 프로그램이 쓰고 있음", en="another program uses it")
_NOT_OURS: Final = Text(ko="권한이 없음", en="not allowed")
_USUAL: Final = {
    errno.ENOENT: Text(ko="그런 파일이나 폴더가 없음", en="there is no such file or folder"),
    errno.ENOTDIR: Text(ko="경로의 일부가 폴더가 아님", en="a part of the path is no folder"),
    errno.EISDIR: Text(ko="파일이 아니라 폴더임", en="it is a folder and no file"),
    errno.EEXIST: Text(ko="이미 있음", en="it is there already"),
    errno.ENOTEMPTY: Text(ko="폴더가 비어 있지 않음", en="the folder is not empty"),
    errno.EACCES: _NOT_OURS,
    errno.EPERM: _NOT_OURS,
    errno.EROFS: Text(ko="읽기 전용 디스크임", en="the disk is read-only"),
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EFBIG: Text(ko="파일이 너무 큼", en="the file is too large"),
    errno.ENAMETOOLONG: Text(ko="이름이 너무 김", en="the name is too long"),
    errno.EIO: Text(ko="디스크 오류", en="the disk failed"),
    errno.EBUSY: _IN_USE,
    getattr(errno, "ETXTBSY", errno.EBUSY): _IN_USE,
    errno.EMFILE: Text(ko="이 프로그램이 연 파일이 너무 많음", en="this program has too many files open"),
    errno.ENFILE: Text(ko="이 PC에서 열린 파일이 너무 많음", en="too many files are open on this PC"),
    errno.ENOMEM: Text(ko="메모리가 모자람", en="there is not enough memory"),
    errno.EAGAIN: Text(ko="이 PC가 지금은 더 내줄 수 없음", en="this PC can give no more of it now"),
    errno.ELOOP: Text(ko="바로가기가 서로를 가리킴", en="links lead round in a circle"),
    errno.ENOEXEC: Text(ko="실행할 수 있는 파일이 아님", en="it is no file that can be run"),
    getattr(errno, "ESTALE", errno.EIO): Text(ko="네트워크 드라이브가 끊김", en="the network drive is gone"),
    errno.EADDRINUSE: Text(ko="이미 쓰이는 포트", en="the port is in use already"),
}
_OF_WINDOWS: Final = {
    5: _NOT_OURS,
    21: Text(ko="드라이브가 준비되지 않음", en="the drive is not ready"),
    32: _IN_USE,
    33: _IN_USE,
    53: Text(ko="네트워크 드라이브를 찾을 수 없음", en="the network drive cannot be found"),
    112: _FULL,
    193: Text(ko="실행할 수 있는 파일이 아님", en="it is no file that can be run"),
    206: Text(ko="이름이 너무 김", en="the name is too long"),
}


def what_of(error: OSError) -> Said:
    """In words."""
    text = _OF_WINDOWS.get(getattr(error, "winerror", None) or 0) or _USUAL.get(error.errno or 0)
    return text() if text is not None else plain(error.strerror or str(error) or type(error).__name__)()
