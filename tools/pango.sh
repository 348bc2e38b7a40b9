#!/usr/bin/env bash
# What weasyprint needs of the machine to make a PDF: libpango with friends, and a font. The machine's own, or Debian's unpacked in the
# folder that is given. Needs no root and installs nothing: $1/env holds what must be in the environment then.
set -euo pipefail
target=$(realpath -m "$1")
python=${2:-python3}
mkdir -p "$target"
: >"$target/env"
makes_pdf() { # with a font that has our letters, which fontconfig may not have anywhere
    "$python" -c 'import weasyprint; weasyprint.HTML(string="<p>Wijk</p>").write_pdf()' >/dev/null 2>&1
}
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list 'DejaVu Sans' 2>/dev/null)" ] || ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf >/dev/null 2>&1; }
if [ -z "${WIJKWERK_PANGO_UITPAKKEN:-}" ] && has_font && makes_pdf; then
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "De tests van brieven hebben Pango en het lettertype DejaVu Sans nodig. Installeer ze (pakketten pango en dejavu-sans) en probeer het opnieuw." >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
wanted=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)
mkdir -p lists/partial cache/archives/partial
own=(-o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1)
if ! apt-get -qq "${own[@]}" --print-uris --no-install-recommends --reinstall install "${wanted[@]}" >uris 2>/dev/null; then
    own+=(-o "Dir::State::Lists=$work/lists") # lists of our own: those of the machine may be absent, and only root makes them
    apt-get -qq "${own[@]}" update
    apt-get -qq "${own[@]}" --print-uris --no-install-recommends --reinstall install "${wanted[@]}" >uris
fi
mapfile -t packages < <(awk '{print $2}' uris | sed 's/_.*//' | sort -u) # with what they depend on and the machine does not have
apt-get -qq "${own[@]}" download "${packages[@]}"
for package in ./*.deb; do
    dpkg -x "$package" "$target"
done
arch=$(basename "$(dirname "$(find "$target/usr/lib" -name 'libpango-1.0.so.0' | head -n 1)")")
libraries=$target/usr/lib/$arch:$target/lib/$arch
mkdir -p "$target/cache"
cat >"$target/fonts.conf" <<XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$target/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>$target/cache</cachedir></fontconfig>
XML
cat >"$target/env" <<ENV
export LD_LIBRARY_PATH=$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export FONTCONFIG_FILE=$target/fonts.conf
ENV
# shellcheck source=/dev/null
. "$target/env"
if ! makes_pdf; then
    echo "Met de uitgepakte pakketten kan weasyprint nog geen PDF maken. Installeer: ${wanted[*]}." >&2
    exit 1
fi
