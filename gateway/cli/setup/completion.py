"""`gateway completion`: the script by which a shell completes commands and options."""

from __future__ import annotations

import click

from gateway.cli.shared import output

EPILOG = """\b
Examples:
  gateway completion bash > /etc/bash_completion.d/gateway
  source <(gateway completion bash)
  gateway completion fish > ~/.config/fish/completions/gateway.fish
"""
VARIABLE = "_GATEWAY_COMPLETE"


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a shell completion script.

    For bash, install the package bash-completion or source the output in ~/.bashrc. Completion does not read
    the settings.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"this version of click does not support completion for {shell}")
    root = context.find_root().command
    # Not `source()`, which first asks the shell for its version: the current shell may not be bash.
    made = kind(root, {}, "gateway", VARIABLE)
    output.echo(made.source_template % made.source_vars())
