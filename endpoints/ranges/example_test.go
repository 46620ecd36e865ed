package ranges_test

import (
	"fmt"
	"net/netip"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

func ExampleCheck() {
	for _, a := range []struct{ host, addr string }{
		{"fef.msua01.manage.microsoft.com", "20.42.1.17"},
		{"fef.msua01.manage.microsoft.com", "192.0.2.1"},
		{"swda01-mscdn.manage.microsoft.com", "192.0.2.1"}, // a content delivery network
		{"ztd.dds.microsoft.com", "192.0.2.1"},
	} {
		fmt.Println(a.host, a.addr, ranges.Check(endpoints.CloudWorldwide, a.host, netip.MustParseAddr(a.addr)))
	}
	// Output:
	// fef.msua01.manage.microsoft.com 20.42.1.17 confirmed
	// fef.msua01.manage.microsoft.com 192.0.2.1 contradicted
	// swda01-mscdn.manage.microsoft.com 192.0.2.1 unknown
	// ztd.dds.microsoft.com 192.0.2.1 unknown
}

func ExampleList_Cover() {
	for _, s := range ranges.Embedded().Cover(endpoints.CloudChina, "*.manage.microsoftonline.cn") {
		fmt.Println(s.Service, s.Ports, len(s.Prefixes), "ranges,", s.Source.Title, s.Source.Date)
	}
	// Output:
	// intune [tcp/80 http tcp/443 https] 10 ranges, China endpoints for Microsoft Intune 2025-06-09
	// intune [tcp/80 http tcp/443 https] 16 ranges, China endpoints for Microsoft Intune 2025-06-09
}

func ExampleList_Prefixes() {
	l, err := ranges.Embedded().Select(endpoints.CloudDoD, endpoints.ServiceEntraID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range l.Prefixes() {
		fmt.Println(p)
	}
	// Output:
	// 13.72.55.179/32
	// 13.72.188.239/32
	// 20.35.4.0/22
	// 20.140.232.0/23
	// 52.126.194.0/23
	// 2001:489a:3500::/50
}

func ExampleList_Select() {
	l, err := ranges.Embedded().Select(endpoints.CloudGCCHigh, endpoints.ServiceIntune)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range l {
		fmt.Printf("%v %d %q\n", s.Hosts, len(s.Prefixes), s.Note)
	}
	// Output:
	// [*.manage.microsoft.us] 19 ""
	// [*.manage.microsoft.us] 3 "Azure Front Door; the service tag is AzureFrontDoor.MicrosoftSecurity"
}

func ExampleList_Check() {
	l, err := ranges.Embedded().Select("", endpoints.ServiceIntune)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Check(netip.MustParseAddr("13.107.219.7")))
	fmt.Println(l[:1].Check(netip.MustParseAddr("2620:1ec:40::7"))) // ranges of IPv4 alone
	// Output:
	// confirmed
	// unknown
}
