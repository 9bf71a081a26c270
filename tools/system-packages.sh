#!/bin/sh
# Installs what the tests need beside Python: a PostgreSQL server, a browser, fonts for both
# languages, and what reads pictures. Without the right to install, says which tests will be skipped.
set -eu

missing=""
need() { # PACKAGE WHAT-IS-SKIPPED-WITHOUT-IT TEST...
    package=$1 skipped=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    missing="$missing $package"
    echo "$package is missing: without it $skipped"
}

server() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
reads() { tesseract --list-langs | grep -qx "$1"; }
font() { ls /usr/share/fonts/*/noto/"$1"*; }

need postgresql "tests on PostgreSQL are skipped" server
need chromium "tests in a browser are skipped" browser
need fonts-noto-cjk "screenshots show no Chinese" font NotoSansCJK
need fonts-noto-core "screenshots show no Arabic" font NotoSansArabic
need tesseract-ocr "tests that read pictures are skipped" reads eng
need tesseract-ocr-chi-sim "pictures are read in English only" reads chi_sim

[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "To run everything, install:$missing"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || echo "The package lists could not be renewed"
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    echo "Could not install:$missing"
