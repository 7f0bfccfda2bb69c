"""What simulated histories are said in."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text
from onbam.simulate.checkers import Rule

RULES: Final = {
    Rule.ONE_SLIP: Text(ko="키 하나에 전표는 하나뿐", en="At most one slip for each key"),
    Rule.NO_STALE_WRITE: Text(ko="지난 토큰의 쓰기는 받지 않음", en="No write under a stale token"),
    Rule.COMPLETED_STAYS: Text(ko="완료된 것은 다시 주지 않음", en="What is completed is never given out again"),
    Rule.LEASE_LIMIT: Text(ko="맡은 시간은 한도를 넘지 않음", en="No lease outlives its limit"),
    Rule.COMES_TO_AN_END: Text(ko="고장이 그치면 모두 끝남", en="Once faults stop, everything comes to an end"),
    Rule.PERSON_KNOWS: Text(ko="사람을 기다리는 것은 사람이 앎", en="What waits for a person has a notice"),
    Rule.NOTICE_CLOSES: Text(ko="풀린 의문의 알림은 닫힘", en="The notice of a settled doubt is closed"),
    Rule.NOTHING_FORGOTTEN: Text(ko="잊힌 주문이 없음", en="No order is forgotten"),
    Rule.SLIP_AND_STATE: Text(ko="전표와 상태가 맞음", en="Slip and state agree"),
    Rule.NO_ACCIDENT: Text(ko="뜻밖의 오류로 죽는 프로세스가 없음", en="No process ends by an unforeseen error"),
}
