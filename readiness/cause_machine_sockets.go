package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseMachine means that this machine could not make some checks. It is
// informational: those checks count as not run and say nothing about the
// network.
const CauseMachine CauseCode = "machine.sockets"

func machineSockets(v *view) []found {
	checks := v.notRun(func(_ int, c probe.Code) bool { return local(c) })
	if len(checks) == 0 {
		return nil
	}
	kinds := groupBy(checks, func(i int) probe.Code { return v.outcomes.each[i].code })
	var evidence, remedies []string
	for _, c := range []probe.Code{probe.LocalResource, probe.LocalDenied, probe.LocalSocket} {
		hit := kinds.values[c]
		if len(hit) == 0 {
			continue
		}
		s := fmt.Sprintf("%s %s (%s): %s", count(len(hit), "check"), refused(c), c, list(v.names(hit)))
		if e := v.obs[hit[0]].Error; e != nil && e.Err != nil {
			s += fmt.Sprintf("; first error: %.160s", e.Err)
		}
		evidence = append(evidence, s+".")
		remedies = append(remedies, machineRemedy(c))
	}
	evidence = append(evidence, "These checks say nothing about the network.")
	return []found{{Cause: Cause{
		Title:    "This machine could not make " + count(len(checks), "check"),
		Evidence: evidence,
		Remedy:   strings.Join(slices.Compact(remedies), " "),
	}, explains: unreached(checks...)}}
}

// refused describes a failure of this machine.
func refused(c probe.Code) string {
	switch c {
	case probe.LocalResource:
		return "ran out of sockets, ports or memory"
	case probe.LocalDenied:
		return "was denied by this machine"
	}
	return "could not open or use a socket"
}

func machineRemedy(c probe.Code) string {
	switch c {
	case probe.LocalResource:
		return "Close programs that hold many connections, raise the limit on open files, or run fewer checks at once, then check again."
	case probe.LocalDenied:
		return "Allow this program in this machine's firewall and policies, then check again."
	}
	return "Check again from a machine whose network stack works."
}
