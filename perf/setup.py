"""What the peers need, installed when a row asks for it. Nothing else in the project needs it."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys

from harness import PEERS, WORK, Unavailable


def say(text):
    print(f"perf: {text}", file=sys.stderr, flush=True)


def must(command, what, **options):
    """Runs a step of a set-up; its output goes to a log that the error names."""
    log = WORK / "log" / f"setup-{what}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command[:3])} … failed; see {log}")


def apt(*packages):
    say("installing " + " ".join(packages))
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    must([*sudo, "apt-get", "update", "-q"], "apt-update", env=environment)
    must([*sudo, "apt-get", "install", "-y", "-q", "--no-remove", "--no-install-recommends",
          *packages], "apt-install", env=environment)


def python_packages(**pinned):
    """Of PyPI, into the virtual environment that runs this. Keywords: module=requirement."""
    missing = [want for module, want in pinned.items() if importlib.util.find_spec(module) is None]
    if missing:
        say("installing " + " ".join(missing))
        must([sys.executable, "-m", "pip", "install", "-q", *missing], "pip")


def python_hl7():
    python_packages(hl7="hl7==0.4.5")
    return [sys.executable, PEERS / "python_hl7" / "read24.py"]


def duckdb():
    python_packages(duckdb="duckdb==2.0.0", pyarrow="pyarrow")
    return [sys.executable, PEERS / "duckdb_csv.py"]


def splink():
    """In an environment of its own: it wants versions that others do not."""
    home = WORK / "splink"
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        say("installing the Splink peer (PyPI)")
        must([sys.executable, "-m", "venv", str(home)], "splink-venv")
        must([str(python), "-m", "pip", "install", "-q", "splink==4.0.16", "pandas"], "splink-pip")
        (home / "installed").touch()
    return [str(python), str(PEERS / "splink" / "dedupe.py")]


def newer(made, folder):
    """Whether `made` is there and no source of `folder` is younger."""
    if not made.exists():
        return False
    sources = [path for path in folder.rglob("*") if path.is_file()]
    return all(path.stat().st_mtime < made.stat().st_mtime for path in sources)


def hapi():
    if not shutil.which("javac") or not shutil.which("mvn"):
        apt("default-jdk-headless", "maven")
    source, build = PEERS / "hapi", WORK / "hapi"
    jar = build / "read24-hapi-1.jar"
    if not newer(jar, source):
        say("building the HAPI peer (Maven Central)")
        must(["mvn", "-q", "-B", f"-Dhl7flow.build={build}", "package"], "hapi", cwd=source)
    return ["java", "-cp", f"{jar}:{build}/lib/*", "hl7flow.Read24"]


def ucum_lhc():
    if not shutil.which("node") or not shutil.which("npm"):
        apt("nodejs", "npm")
    build = WORK / "ucum_lhc"
    made = build / "node_modules" / "@lhncbc" / "ucum-lhc" / "package.json"
    if not made.exists():
        say("installing the ucum-lhc peer (npm)")
        build.mkdir(parents=True, exist_ok=True)
        shutil.copy(PEERS / "ucum_lhc" / "package.json", build)
        must(["npm", "install", "--no-audit", "--no-fund"], "ucum-lhc", cwd=build)
    shutil.copy(PEERS / "ucum_lhc" / "convert.js", build)
    return ["node", build / "convert.js"]


RUST_WANTED = (1, 95)


def cargo_version():
    if not shutil.which("cargo"):
        return (0, 0)
    said = subprocess.run(["cargo", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def rust():
    if cargo_version() < RUST_WANTED:
        # Debian's `cargo` is of 2022; `cargo-web`, kept up for browsers, follows Rust's releases.
        apt("cargo-web", "rustc-web")
        if cargo_version() < RUST_WANTED:
            raise Unavailable("the crates need cargo 1.95 or newer; Debian has it as cargo-web in "
                              "bookworm-security, and this machine has an older one")
    source, build = PEERS / "rust", WORK / "rust"
    program = build / "release" / "read24"
    if not newer(program, source):
        say("building the Rust peer (crates.io)")
        must(["cargo", "build", "--release", "--locked", "--target-dir", str(build)], "rust",
             cwd=source)
        program.touch()
    return [program]
