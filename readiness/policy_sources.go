package readiness

import "github.com/netready/netready/endpoints"

// A sourceKey names a document that rules of the policy table rest on.
type sourceKey uint8

const (
	srcAutopilot2018 sourceKey = iota
	srcDevicePreparation
	srcAutopatch
	srcAutopilot
	srcDeviceAssociation
	srcNCSI
	srcNCSIFAQ
	srcIntune
	srcWindows11
	srcUpdateReports
	srcActivation
	srcHybrid
	srcEndpointService
	srcDiagnostics
	srcAutopatchUpdates
	srcDeliveryFAQ
	srcDeliveryEndpoints
	srcAutopatchNetwork
	srcEdge
	srcSelfDeploying
	srcUserDriven
	srcADPorts
	srcDiscovery
)

// source returns the document, as the catalogue cites it.
func (k sourceKey) source() endpoints.Source {
	switch k {
	case srcAutopilot2018:
		return endpoints.Source{
			Title: "Windows Autopilot networking requirements (2018)",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/windows-autopilot/windows-autopilot-requirements-network.md, version of 2018-10-02",
			Date:  "2018-10-02",
		}
	case srcDevicePreparation:
		return endpoints.Source{
			Title: "Windows Autopilot device preparation requirements (draft of 2024)",
			Ref:   "MicrosoftDocs/memdocs:autopilot/device-preparation/requirements.md, version of 2024-04-26",
			Date:  "2024-04-26",
		}
	case srcAutopatch:
		return endpoints.Source{
			Title: "Windows Autopatch: Configure your network (wording of 2023)",
			Ref:   "https://learn.microsoft.com/windows/deployment/windows-autopatch/prepare/windows-autopatch-configure-network, as of 2023",
			Date:  "undated, 2023",
		}
	case srcAutopilot:
		return endpoints.Source{
			Title: "Windows Autopilot requirements",
			Ref:   "MicrosoftDocs/memdocs:autopilot/requirements.md@577a54fd2f0c519b593fc08c19ad6718d3726a02",
			Date:  "2024-11-25",
		}
	case srcDeviceAssociation:
		return endpoints.Source{
			Title: "Requirements for Windows Autopilot device association",
			Ref:   "MicrosoftDocs/memdocs:autopilot/device-preparation/device-association/requirements.md@090bcc3e033d3258f6a9872d98af3315f82aa6e7",
			Date:  "2026-08-07",
		}
	case srcNCSI:
		return endpoints.Source{
			Title: "NCSI overview",
			Ref:   "MicrosoftDocs/windowsserverdocs:WindowsServerDocs/networking/ncsi/ncsi-overview.md@0f7dbe07c9569bb53d024331d3066b5e0be679b5",
			Date:  "2023-06-23",
		}
	case srcNCSIFAQ:
		return endpoints.Source{
			Title: "NCSI FAQ",
			Ref:   "MicrosoftDocs/windowsserverdocs:WindowsServerDocs/networking/ncsi/ncsi-frequently-asked-questions.md@0161d4a42c05a02216cb32a965a79c03cd2845d6",
			Date:  "2023-04-06",
		}
	case srcIntune:
		return endpoints.Source{
			Title: "Network endpoints for Microsoft Intune",
			Ref:   "MicrosoftDocs/memdocs:intune/fundamentals/endpoints.md@00eee03287e79eea28b40865f63d2291c01d4ade",
			Date:  "2026-03-24",
		}
	case srcWindows11:
		return endpoints.Source{
			Title: "Connection endpoints for Windows 11 Enterprise",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/privacy/manage-windows-11-endpoints.md@04d8654011a3931524918cdc1fa12de5041cbde1",
			Date:  "2023-10-06",
		}
	case srcUpdateReports:
		return endpoints.Source{
			Title: "Endpoints for Windows Update for Business reports",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/update/includes/wufb-reports-endpoints.md@0888ed62558c84df29c5468fe585ebb92b831f81",
			Date:  "2023-12-15",
		}
	case srcActivation:
		return endpoints.Source{
			Title: "Windows activation or validation fails with error code 0x8004FE33",
			Ref:   "Microsoft Support KB921471; its host list as public copies repeat it",
			Date:  "2021-2026",
		}
	case srcHybrid:
		return endpoints.Source{
			Title: "Configure Microsoft Entra hybrid join",
			Ref:   "MicrosoftDocs/entra-docs:docs/identity/devices/how-to-hybrid-join.md@003f1aad061e882b17e07cfa8c7ec008d0385c3e",
			Date:  "2024-02-26",
		}
	case srcEndpointService:
		return endpoints.Source{
			Title: "Office 365 IP address and URL web service, instance Worldwide (verbatim copy)",
			Ref:   "deploymenttheory/terraform-provider-microsoft365:internal/services/datasources/utility/microsoft_365_endpoint_reference/tests/responses/get_endpoints_worldwide.json@7e461231c2488e48e60428fb2e6308d8da9127d3",
			Date:  "captured on or before 2025-12-01",
		}
	case srcDiagnostics:
		return endpoints.Source{
			Title: "Device action: collect diagnostics",
			Ref:   "MicrosoftDocs/memdocs:intune/device-management/actions/collect-diagnostics.md@18d62d79cd732a28ef34a340b3844a981de032c4",
			Date:  "2025-10-27",
		}
	case srcAutopatchUpdates:
		return endpoints.Source{
			Title: "Windows Update for Business deployment service prerequisites",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/update/deployment-service-prerequisites.md@fe089e42452db999e64c7e6ba5b49590813101ed",
			Date:  "undated (2024-2025)",
		}
	case srcDeliveryFAQ:
		return endpoints.Source{
			Title: "Delivery Optimization FAQ",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/do/waas-delivery-optimization-faq.yml@047174950af24ed7e1e64040e68344bb25530907",
			Date:  "2022-08-04",
		}
	case srcDeliveryEndpoints:
		return endpoints.Source{
			Title: "Microsoft Connected Cache content and services endpoints",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/do/delivery-optimization-endpoints.md@2d8c2e292020eb298e27e2c0882a8cd080891d3a",
			Date:  "2024-05-23",
		}
	case srcAutopatchNetwork:
		return endpoints.Source{
			Title: "Windows Autopatch - Configure your network",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/windows-autopatch/prepare/windows-autopatch-configure-network.md@d1e5d297c6f494999648bd1bbe0c642a3c86d844",
			Date:  "2024-09-24",
		}
	case srcEdge:
		return endpoints.Source{
			Title: "Allow list for Microsoft Edge endpoints",
			Ref:   "MicrosoftDocs/Edge-Enterprise:edgeenterprise/microsoft-edge-security-endpoints.md@1b9f55460ed4ee494405095dd73aa2fcb19cd962",
			Date:  "2024-10-03",
		}
	case srcSelfDeploying:
		return endpoints.Source{
			Title: "Windows Autopilot self-deploying mode",
			Ref:   "MicrosoftDocs/memdocs:autopilot/self-deploying.md@03330aa27b84cb21353335baf24502150e4e9282",
			Date:  "2024-06-11",
		}
	case srcUserDriven:
		return endpoints.Source{
			Title: "Windows Autopilot user-driven mode",
			Ref:   "MicrosoftDocs/memdocs:autopilot/user-driven.md@008020057c893e5787a545f58710a3d2c2211548",
			Date:  "2023-12-08",
		}
	case srcADPorts:
		return endpoints.Source{
			Title: "How to configure a firewall for AD domains and trusts",
			Ref:   "MicrosoftDocs/SupportArticles-docs:support/windows-server/active-directory/config-firewall-for-ad-domains-and-trusts.md@203da2e2bbaa4e616d79b251d2520fef0b1b9cb2",
			Date:  "2023-12-26",
		}
	case srcDiscovery:
		return endpoints.Source{
			Title: "Enable auto-discovery of Intune enrollment server",
			Ref:   "MicrosoftDocs/memdocs:intune/intune-service/enrollment/windows-enrollment-create-cname.md@0281980f83d665407742ef15bb99853e0ed9150a",
			Date:  "2025-02-13",
		}
	}
	return endpoints.Source{}
}
