# SPDX-License-Identifier: MIT
"""Scripts for shells that complete the command's words."""

from __future__ import annotations

from .verb import VERBS

SHELLS = ("bash", "zsh", "fish")
OPTIONS = {
    "--connect": "addresses of boards",
    "--password": "password of the board",
    "--json": "output for programs",
    "--quiet": "no progress bars",
    "--takeover": "end the session that holds the terminal",
    "--watch": "only look at the terminal",
    "--classic": "speak the classic protocol",
    "--ca": "certificate that a board is signed with",
    "--insecure": "do not check the certificate",
    "--remember": "store the password in the keyring",
    "--version": "print the version",
    "--help": "print help",
}

BASH = """\
_webrepl() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} index
    for ((index = COMP_CWORD - 1; index > 0; index--)); do
        case ${{COMP_WORDS[index]}} in
        +) break ;;
        {alternatives}) COMPREPLY=($(compgen -f -- "$word")); return ;;
        esac
    done
    COMPREPLY=($(compgen -W "{words}" -- "$word"))
}}
complete -o filenames -F _webrepl webrepl
"""
ZSH = """\
#compdef webrepl
_webrepl() {{
    local -a verbs options
    verbs=({verbs})
    options=({options})
    if (( ${{words[(I)({alternatives})]}} )); then
        _files
    else
        _describe verb verbs
        _describe -o option options
    fi
}}
compdef _webrepl webrepl
"""


def script(shell: str) -> str:
    """For that shell's configuration."""
    alternatives = "|".join(VERBS)
    if shell == "bash":
        return BASH.format(alternatives=alternatives, words=" ".join([*VERBS, *OPTIONS]))
    if shell == "zsh":
        verbs = " ".join(f"'{verb.name}:{verb.summary}'" for verb in VERBS.values())
        options = " ".join(f"'{name}:{text}'" for name, text in OPTIONS.items())
        return ZSH.format(verbs=verbs, options=options, alternatives=alternatives)
    names = " ".join(VERBS)
    first = f"not __fish_seen_subcommand_from {names}"
    lines = [
        "complete -c webrepl -f",
        f"complete -c webrepl -F -n '__fish_seen_subcommand_from {names}'",
    ]
    for verb in VERBS.values():
        lines.append(f"complete -c webrepl -n '{first}' -a {verb.name} -d '{verb.summary}'")
    for name, text in OPTIONS.items():
        lines.append(f"complete -c webrepl -n '{first}' -l {name[2:]} -d '{text}'")
    return "\n".join(lines)
