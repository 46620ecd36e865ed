package readiness

import "fmt"

// CauseNCSIOneFamily means that Windows' connectivity probe fails over IPv4 and
// succeeds over IPv6. One family is enough for Windows, so it is informational.
const CauseNCSIOneFamily CauseCode = "ncsi.one_family"

func ncsiOneFamily(v *view) []found {
	for i, o := range v.obs {
		if o.NCSI == nil || !o.OK() || v.outcomes.each[i].status != OK || o.NCSI.IPv4 == nil || o.NCSI.IPv6 == nil || o.NCSI.IPv6.Code != "" {
			continue
		}
		a := o.NCSI.IPv4
		if a.Code == "" || inconclusive(a.Code) || !spoke(a) && !v.outcomes.signs.ipv4[v.target(i).Port] {
			continue // IPv4 works for no host, so this host is not at fault
		}
		how := behaved(a.Code)
		if spoke(a) {
			how = fmt.Sprintf("status %d", a.Status)
			if a.Location != "" {
				how += fmt.Sprintf(" to %q", a.Location)
			}
			if a.Body != "" {
				how += fmt.Sprintf(" and %.64q", a.Body)
			}
		}
		return []found{{Cause: Cause{
			Title: "Windows' connectivity probe fails over IPv4",
			Evidence: []string{
				fmt.Sprintf("%s at %v: %s (%s).", a.Host, a.Addresses, how, a.Code),
				o.NCSI.IPv6.Host + " over IPv6 gives the expected answer, with which Windows is content.",
			},
			Remedy: "Find what answers or drops TCP port 80 to " + a.Host + " over IPv4, such as a sign-in page for IPv4 alone, and let it pass unchanged.",
			Names:  []string{a.Host},
		}, affects: []int{i}, most: Informational}}
	}
	return nil
}
