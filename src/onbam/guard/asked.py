"""What people may ask of the guard, and what they are answered.

For: the guard's door.
Promises: a name that is not on the list is answered with those that are; what was asked for is done, and remembered over the
guard's own end, or the answer says that the disk refused; every act says in the log who asked.
Refuses: to wait for the outcome: whoever asks looks at `status` until it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from onbam.guard import memory
from onbam.guard import words as say
from onbam.kernel.errors import OnbamError, Refused

if TYPE_CHECKING:
    from onbam.guard.guard import Guard
    from onbam.guard.program import Program

Answer = dict[str, Any]


class Asked:
    """Answers."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._acts: Final[Mapping[str, Callable[[Mapping[str, Any]], Answer]]] = {
            "status": lambda _: guard.status(),
            "up": self._up,
            "stop": self._stop,
            "restart": self._restart,
            "remove": self._remove,
            "down": self._down,
            "renew": self._renew,
            "drill": self._drill,
        }

    def answer(self, request: Mapping[str, Any]) -> Answer:
        """Do it and answer; what cannot be done is answered in both languages."""
        do = str(request.get("do"))
        act = self._acts.get(do)
        try:
            if act is None:
                raise Refused(say.NOT_UNDERSTOOD(what=do))
            answer = act(request)
        except OnbamError as error:
            if act is not None:
                self._note(do, request, refused=True)
            return {"refused": {"message": error.message.both(), "hint": error.hint.both()}}
        if do != "status":
            self._note(do, request)
        return answer

    def _note(self, do: str, request: Mapping[str, Any], *, refused: bool = False) -> None:
        """Who wanted what, and why: for the log and the journal, also when it was refused."""
        who, names, reason = str(request.get("who", "?")), ", ".join(self._names(request)), str(request.get("reason", ""))
        why = say.PERSON(what=f"{do} {names}".strip(), who=who)
        self._guard.desk.tell("guard.asked", "guard", why, do=do, names=names, who=who, reason=reason, refused=refused)

    @staticmethod
    def _names(request: Mapping[str, Any]) -> list[str]:
        names = request.get("names") or []
        return [str(name) for name in names] if isinstance(names, list) else []

    def _chosen(self, request: Mapping[str, Any]) -> list[Program]:
        """The programs that are meant: those named, or all that are not removed."""
        programs = self._guard.programs
        names = self._names(request)
        known = [name for name, program in programs.items() if program.spec is not None or program.misread is not None]
        for name in names:
            if name not in known:
                raise Refused(say.NO_PROCESS(name=name), say.NO_PROCESS_HINT(names=", ".join(known) or "-"))
        return [programs[name] for name in names or known if names or programs[name].wish != "removed"]

    def _up(self, request: Mapping[str, Any]) -> Answer:
        """What is down comes up now, without waiting for its turn; by the settings as they stand at this moment."""
        if self._guard.tending.leaving is not None:
            raise Refused(say.LEAVING, say.LEAVING_HINT)
        self._guard.look_at_settings()
        chosen = self._chosen(request)
        for program in chosen:
            if program.spec is not None and not program.spec.enabled and self._names(request):
                raise Refused(say.NOT_ENABLED(name=program.name))
        wishes: dict[str, memory.Wish] = dict(self._guard.wishes.programs)
        for program in chosen:
            wishes.pop(program.name, None)
            if program.run is None:
                program.again_s, program.wrong = None, None
        return self._wished(replace(self._guard.wishes, programs=wishes, down=""), chosen)

    def _stop(self, request: Mapping[str, Any]) -> Answer:
        return self._all_wish(request, "off")

    def _remove(self, request: Mapping[str, Any]) -> Answer:
        return self._all_wish(request, "removed")

    def _all_wish(self, request: Mapping[str, Any], wish: memory.Wish) -> Answer:
        chosen = self._chosen(request)
        wishes = {**self._guard.wishes.programs, **{program.name: wish for program in chosen}}
        return self._wished(replace(self._guard.wishes, programs=wishes), chosen)

    def _restart(self, request: Mapping[str, Any]) -> Answer:
        """A fresh process takes over; `now` ends the old one first, without asking twice."""
        chosen = self._chosen(request)
        now_s = self._guard.desk.clock.monotonic()
        for program in chosen:
            if program.run is not None and not self._guard.tending.can_be_replaced(program):
                assert program.misread is not None, "it was just told"
                raise Refused(program.misread, say.GOES_ON_HINT)
        for program in chosen:
            program.wrong, program.again_s = None, None
            if program.run is None:
                continue
            if request.get("now"):
                self._guard.tending.end_now(program, say.WHY_PERSON())
            else:
                self._guard.tending.replace(program, say.WHY_PERSON(), now_s)
        return self._wished(self._without(chosen), chosen)

    def _renew(self, request: Mapping[str, Any]) -> Answer:
        """The morning's round, now."""
        chosen = [program for program in self._chosen(request) if program.run is not None]
        now_s, today = self._guard.desk.clock.monotonic(), self._guard.desk.local().date()
        for program in chosen:
            self._guard.renewal.begin(program, now_s, today)
        return self._done(chosen)

    def _drill(self, request: Mapping[str, Any]) -> Answer:
        """A drill begins, or is over: what happens meanwhile is marked as its own."""
        what, desk = str(request.get("what", "")), self._guard.desk
        if not what:
            desk.drill.end()
            self._guard.clock.right()
            return self._done([])
        chosen = self._chosen(request) if self._names(request) else []
        seconds = float(request.get("seconds", 0.0))
        desk.drill.begin(what, chosen[0].name if chosen else "", seconds)
        self._guard.clock.put(float(request.get("shift_s", 0.0)), seconds)
        return self._done(chosen)

    def _without(self, chosen: list[Program]) -> memory.Wishes:
        names = {program.name for program in chosen}
        kept = {name: wish for name, wish in self._guard.wishes.programs.items() if name not in names}
        return replace(self._guard.wishes, programs=kept)

    def _down(self, _: Mapping[str, Any]) -> Answer:
        """Everything stops, the guard too, until somebody says up or the PC starts anew."""
        wishes = self._guard.wishes
        answer = self._wished(replace(wishes, down=memory.boot(), downs=wishes.downs + 1), [])  # done, remembered or not
        self._guard.leave(say.WHY_DOWN())
        return {**answer, "limit_s": self._guard.leave_limit_s}

    def _wished(self, wishes: memory.Wishes, chosen: list[Program]) -> Answer:
        """It is so from now on; with what the disk said when it would not remember it."""
        refused = self._guard.wish(wishes)
        return {**self._done(chosen), "unremembered": refused.both() if refused else None}

    def _done(self, chosen: list[Program]) -> Answer:
        self._guard.wake()
        return {"done": [program.name for program in chosen]}
