"""python -m attendance users: who may sign in, and as what."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from attendance import cli_output as out
from attendance.cli_common import Json, engine_of, now, refusing
from attendance.rules.roles import Role
from attendance.services import accounts

users_app = typer.Typer(no_args_is_help=True, help="Accounts.")


@users_app.command("add")
@refusing
def add_user(
    context: typer.Context,
    username: str,
    name: Annotated[str, typer.Option()],
    position: Annotated[str, typer.Option(help="As it stands in amendments.")],
    role: Annotated[Role, typer.Option()],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ],
    scope: Annotated[str, typer.Option(help="Year groups or forms, parted by commas.")] = "",
) -> None:
    """Open an account."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    new = accounts.NewUser(username, name, position, password, role, scope)
    accounts.add_user(engine_of(context), None, new, now())
    typer.echo(f"{username} can sign in.")


@users_app.command("list")
@refusing
def list_users(context: typer.Context, json: Json = False) -> None:
    """Every account, closed ones last."""
    out.users(accounts.list_users(engine_of(context), None), as_json=json)


@users_app.command("disable")
@refusing
def disable_user(context: typer.Context, username: str) -> None:
    """Close an account; its browser sessions end at once."""
    accounts.disable_user(engine_of(context), None, username, now())
    typer.echo(f"{username} can no longer sign in.")


@users_app.command("role")
@refusing
def set_role(
    context: typer.Context,
    username: str,
    role: Role,
    scope: Annotated[str, typer.Option(help="Year groups or forms, parted by commas.")] = "",
) -> None:
    """Give an account another role; felt at its next click."""
    accounts.set_role(engine_of(context), None, username, role, scope, now())
    typer.echo(f"{username} is now: {role.title}.")
