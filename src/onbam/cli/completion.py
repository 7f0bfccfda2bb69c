"""Shell completion: the lines to add, for each shell.

For: `onbam completion bash|zsh|fish|powershell`.
Promises: what is printed can be appended to the shell's start file as it is; candidates come from the same table as the help.
Refuses: to edit a person's start file.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class, split_arg_string

from onbam.cli import words as say
from onbam.cli.app import App
from onbam.cli.frame import COMPLETE_VARIABLE, command, pass_app

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_INCOMPLETE = $wordToComplete
    %(prog_name)s | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_INCOMPLETE
}
"""


class PowerShell(ShellComplete):
    """Windows' own shell, which click does not know by itself."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words typed so far and the one being typed."""
        from onbam.kernel.home import environment

        incomplete = environment().get("COMP_INCOMPLETE", "")
        words = split_arg_string(environment().get("COMP_WORDS", ""))[1:]
        return (words[:-1] if incomplete and words else words), incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """A candidate and its help."""
        return f"{item.value}\t{item.help or item.value}"


add_completion_class(PowerShell)


@command(say.COMPLETION)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@pass_app
def completion(app: App, shell: str) -> None:
    """Print the lines."""
    from onbam.cli.main import onbam

    complete = get_completion_class(shell)
    assert complete is not None
    app.say(complete(onbam, {}, "onbam", COMPLETE_VARIABLE).source())
