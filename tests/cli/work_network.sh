#!/bin/sh
# work_network.sh COVDB SOURCE_DIR - the network workloads print what iperf3 and ping measured, over the loopback.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3 iperf3 ping
# shellcheck source=tests/cli/work_metrics.sh
. "$source/tests/cli/work_metrics.sh"
setsid "$work" serve --instances 2 >"$folder/server" &
server=$!
tidy_up() { kill -s TERM -- "-$server"; }
until grep -q ready "$folder/server" || ! kill -0 "$server"; do sleep 0.1; done
works bandwidth,sent,bandwidth_total stream --peer 127.0.0.1 --instances 2 --time 1
works rtt_min,rtt_mean,rtt_max ping --peer 127.0.0.1 --time 0.2 --interval 0.2
