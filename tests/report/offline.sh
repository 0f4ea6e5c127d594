#!/bin/sh
# offline.sh COMMAND... - run it where there is no network but loopback, by which browsers are driven:
# what a page cannot reach it does not need, and what a browser does on its own stays here.
exec unshare --net --map-root-user sh -c 'ip link set lo up && exec "$@"' sh "$@"
