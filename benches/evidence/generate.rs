//! Exports of managed devices of any number, with all that Microsoft Graph says about each.

use std::io::{self, Write};

/// What no test asks for, but every export of whole devices has.
const REST: &str = r#""managedDeviceOwnerType":"company","deviceActionResults":[{"@odata.type":"microsoft.graph.deviceActionResult","actionName":"syncDevice","actionState":"done","startDateTime":"2026-11-20T07:00:00.0000000Z","lastUpdatedDateTime":"2026-11-20T07:00:10.0000000Z"}],"enrolledDateTime":"2026-03-02T08:00:00Z","jailBroken":"False","managementAgent":"mdm","easActivated":false,"easDeviceId":"","easActivationDateTime":"0001-01-01T00:00:00Z","azureADRegistered":true,"deviceEnrollmentType":"userEnrollment","activationLockBypassCode":null,"deviceRegistrationState":"registered","deviceCategoryDisplayName":"Unknown","isSupervised":false,"exchangeLastSuccessfulSyncDateTime":"0001-01-01T00:00:00Z","exchangeAccessState":"none","exchangeAccessStateReason":"none","remoteAssistanceSessionUrl":null,"remoteAssistanceSessionErrorDetails":null,"isEncrypted":true,"model":"A model","manufacturer":"A manufacturer","imei":"000000000000000","complianceGracePeriodExpirationDateTime":"9999-12-31T23:59:59Z","serialNumber":"0000000000","phoneNumber":"","androidSecurityPatchLevel":"2026-11-01","userDisplayName":"A person with a name","configurationManagerClientEnabledFeatures":null,"wiFiMacAddress":"000000000000","deviceHealthAttestationState":{"@odata.type":"microsoft.graph.deviceHealthAttestationState","lastUpdateDateTime":"0","contentNamespaceUrl":"","deviceHealthAttestationStatus":"","contentVersion":"","issuedDateTime":"0001-01-01T00:00:00Z","attestationIdentityKey":"","resetCount":0,"restartCount":0,"dataExcutionPolicy":"","bitLockerStatus":"","bootManagerVersion":"","codeIntegrityCheckVersion":"","secureBoot":"","bootDebugging":"","operatingSystemKernelDebugging":"","codeIntegrity":"","testSigning":"","safeMode":"","windowsPE":"","earlyLaunchAntiMalwareDriverProtection":"","virtualSecureMode":"","pcrHashAlgorithm":"","bootAppSecurityVersion":"","bootManagerSecurityVersion":"","tpmVersion":"","pcr0":"","secureBootConfigurationPolicyFingerPrint":"","codeIntegrityPolicy":"","bootRevisionListInfo":"","operatingSystemRevListInfo":"","healthStatusMismatchInfo":"","healthAttestationSupportedStatus":""},"subscriberCarrier":"","meid":"","totalStorageSpaceInBytes":128000000000,"freeStorageSpaceInBytes":64000000000,"managedDeviceName":"a name that Intune made of the name of the person and the device","partnerReportedThreatState":"secured","requireUserEnrollmentApproval":null,"managementCertificateExpirationDate":"2027-03-02T08:00:00Z","iccid":"","udid":"","notes":null,"ethernetMacAddress":null,"physicalMemoryInBytes":0"#;

/// Writes a page of so many managed devices, about 3 kB each.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn managed_devices(count: usize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        br#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices","value":["#,
    )?;
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let system = ["Android", "iOS"][number % 2];
        let state = ["compliant", "noncompliant"][usize::from(number % 7 == 0)];
        write!(
            out,
            "{comma}\n{{\"id\":\"{number:08x}-0000-4000-8000-000000000001\",\"userId\":\"{number:08x}-0000-4000-8000-000000000002\",\
             \"deviceName\":\"Device {number}\",\"lastSyncDateTime\":\"2026-11-23T06:12:45.1234567Z\",\
             \"operatingSystem\":\"{system}\",\"osVersion\":\"18.1\",\"complianceState\":\"{state}\",\
             \"emailAddress\":\"person{number}@contoso.example\",\"userPrincipalName\":\"person{number}@contoso.example\",\
             \"azureADDeviceId\":\"{number:08x}-0000-4000-8000-000000000003\",\"managementState\":\"managed\",{REST}}}"
        )?;
    }
    out.write_all(b"]}\n")
}
