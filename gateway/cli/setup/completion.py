"""`gateway completion`: what a shell needs to complete commands and options at the tab key."""

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

    bash needs the package bash-completion, or the output sourced in ~/.bashrc. Completing reads no settings.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"this version of click knows no completion for {shell}")
    root = context.find_root().command
    # Not `source()`, which asks the shell for its version first: the one here may be no bash at all.
    made = kind(root, {}, "gateway", VARIABLE)
    output.echo(made.source_template % made.source_vars())
