#!/bin/sh
# Installs Spark under $PEERS_HOME (~/.cache/peers by default) and compiles PeerBench.scala with the Scala compiler that
# the pyspark package brings. Needs Python 3 and a JDK 17.
set -e
home="${PEERS_HOME:-$HOME/.cache/peers}"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$home/build"
[ -x "$home/venv/bin/python" ] || python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q pyspark==4.3.0
jars=$("$home/venv/bin/python" -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent / "jars")')
classes=$(mktemp -d)
java -cp "$jars/*" scala.tools.nsc.Main -nobootcp -usejavacp -d "$classes" "$here/PeerBench.scala"
jar cf "$home/build/peerbench.jar" -C "$classes" .
rm -r "$classes"
