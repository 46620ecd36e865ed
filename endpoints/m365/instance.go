package m365

import (
	"strings"

	"github.com/netready/netready/endpoints"
)

// instances are the clouds that the service publishes, with the service's
// names.
func instances() []struct {
	cloud endpoints.Cloud
	name  string
} {
	return []struct {
		cloud endpoints.Cloud
		name  string
	}{
		{endpoints.CloudWorldwide, "Worldwide"},
		{endpoints.CloudGCCHigh, "USGovGCCHigh"},
		{endpoints.CloudDoD, "USGovDoD"},
		{endpoints.CloudChina, "China"},
	}
}

// instanceOf returns the service's name of a cloud, or "" if there is none. An
// empty cloud is the worldwide one.
func instanceOf(cloud endpoints.Cloud) string {
	for _, i := range instances() {
		if i.cloud == cloud || cloud == "" && i.cloud == endpoints.CloudWorldwide {
			return i.name
		}
	}
	return ""
}

// cloudOf returns the cloud that the service's name stands for, in any case, or
// "".
func cloudOf(name string) endpoints.Cloud {
	for _, i := range instances() {
		if strings.EqualFold(i.name, name) {
			return i.cloud
		}
	}
	return ""
}
