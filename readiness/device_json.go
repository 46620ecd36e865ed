package readiness

type jsonDevice struct {
	Prerequisite Prerequisite `json:"prerequisite"`
	Status       Status       `json:"status"`
	Reason       string       `json:"reason,omitempty"`
	Found        string       `json:"found"`
	Wanted       string       `json:"wanted"`
	Impact       Impact       `json:"impact"`
	Basis        Basis        `json:"basis"`
	Consequence  string       `json:"consequence,omitempty"`
	Sources      []jsonSource `json:"sources"`
}

func jsonDevices(in []DeviceFinding) []jsonDevice {
	out := make([]jsonDevice, len(in))
	for i, f := range in {
		out[i] = jsonDevice{f.Prerequisite, f.Status, f.Reason, f.Found, f.Wanted, f.Impact, f.Basis, f.Consequence, jsonSources(f.Sources)}
		if f.Status == OK {
			out[i].Consequence = ""
		}
	}
	return out
}
