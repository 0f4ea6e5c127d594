#!/bin/sh
# offline.sh COMMAND... - run it where there is no network but loopback, by which browsers are driven:
# what a page cannot reach it does not need, and what a browser does on its own stays here.
become=--map-root-user # without root, a namespace of one's own users is needed, too
[ "$(id -u)" != 0 ] || become=
exec unshare --net $become sh -c 'ip link set lo up && exec "$@"' sh "$@"
