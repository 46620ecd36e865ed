package m365

import (
	"strings"

	"github.com/netready/netready/endpoints"
)

// An Instance is one of the clouds that the service publishes, by its own name.
type Instance string

// The instances.
const (
	Worldwide    Instance = "Worldwide"
	USGovGCCHigh Instance = "USGovGCCHigh"
	USGovDoD     Instance = "USGovDoD"
	China        Instance = "China"
)

// Instances returns all instances. The slice is the caller's.
func Instances() []Instance {
	return []Instance{Worldwide, USGovGCCHigh, USGovDoD, China}
}

// InstanceOf returns the instance of a cloud, or "" if there is none.
func InstanceOf(cloud endpoints.Cloud) Instance {
	for _, i := range Instances() {
		if i.Cloud() == cloud {
			return i
		}
	}
	return ""
}

// Cloud returns the cloud of an instance, or "" if it is unknown.
func (i Instance) Cloud() endpoints.Cloud {
	switch i {
	case Worldwide:
		return endpoints.CloudWorldwide
	case USGovGCCHigh:
		return endpoints.CloudGCCHigh
	case USGovDoD:
		return endpoints.CloudDoD
	case China:
		return endpoints.CloudChina
	default:
		return ""
	}
}

// is reports whether a name in an answer, in whatever case, is that of i.
func (i Instance) is(name string) bool { return strings.EqualFold(string(i), name) }
