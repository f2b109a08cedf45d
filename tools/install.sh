#!/usr/bin/env bash
# Everything the project needs, from a bare Debian with Python 3.11: Python packages by the hashed lock, page assets by
# npm's lock, and, where it may, the browser that the tests drive. A second call finds its stamps and does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}
mkdir -p .run
say() { printf '%s\n' "$*" >&2; }
stamp() { sha256sum "$@" 2>/dev/null | sha256sum | cut -c1-16; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1; fi
}
apt_get() {
    command -v apt-get >/dev/null || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" >/dev/null
}

# 1. Python
if [ ! -x .venv/bin/python ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "需要 Python 3.11 或更新版本 (Python 3.11 or later is needed)"; exit 1; }
    if ! python3 -m venv .venv 2>/dev/null; then
        rm -rf .venv
        say "python3-venv is missing: installing it"
        { apt_get update && apt_get install -y --no-install-recommends python3-venv; } || { say "请先安装 python3-venv：apt-get install python3-venv"; exit 1; }
        python3 -m venv .venv
    fi
fi
python_stamp=$(stamp requirements.lock pyproject.toml)
if [ "$(cat .venv/.openhpf 2>/dev/null)" != "$python_stamp" ]; then
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip sync --quiet --require-hashes requirements.lock
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e .
    echo "$python_stamp" > .venv/.openhpf
fi

# 2. What the pages load
node_stamp=$(stamp package.json package-lock.json)
if [ "$(cat node_modules/.openhpf 2>/dev/null)" != "$node_stamp" ]; then
    if ! command -v npm >/dev/null; then
        [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
        [ -x .node/bin/npm ] || { python3 -m venv .node && VIRTUAL_ENV=$PWD/.node .venv/bin/uv pip install --quiet --require-hashes -r requirements-node.lock; }
        export PATH=$PWD/.node/bin:$PATH
    fi
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    echo "$node_stamp" > node_modules/.openhpf
fi

# 3. What WeasyPrint draws reports with: Pango, HarfBuzz and a Chinese font. Everything but a PDF works without them.
#    grep reads to the end (no -q): a pipe it closes early would count as a failure here.
has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep "$1" >/dev/null; }
has_chinese_font() { fc-list 2>/dev/null | grep -i "noto.*cjk" >/dev/null; }
if ! has_library libpangoft2-1.0.so || ! has_library libharfbuzz-subset.so || ! has_chinese_font; then
    say "installing Pango and Chinese fonts for reports as PDF"
    { apt_get update && apt_get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk; } ||
        say "生成PDF报告需要 Debian 的 Pango 与中文字体：apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
fi

# 4. The browser, for tests only
if [ "$want" = test ] && { [ ! -x /usr/bin/chromium ] || ! has_chinese_font; }; then
    say "installing Chromium and Chinese fonts for the browser tests"
    { apt_get update && apt_get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig; } ||
        say "浏览器测试需要 Debian 的 chromium 与 fonts-noto-cjk：apt-get install chromium fonts-noto-cjk"
fi
