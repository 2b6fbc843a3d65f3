import Foundation
import Testing

@testable import VidimusDevice

/// What the app says of itself to the system: Xcode takes it as it is, so what is missing is found on a phone.
@Suite struct AppFiles {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../App").standardized

    static func list(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: name))
        return try #require(PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
    }

    @Test func theSystemMayCallTheRefreshThatIsRegistered() throws {
        let info = try Self.list("Info.plist")
        #expect(info["BGTaskSchedulerPermittedIdentifiers"] as? [String] == [RefreshSchedule.identifier])
        #expect(info["UIBackgroundModes"] as? [String] == ["fetch"])
    }

    @Test func offersOpenTheAppAndNothingElseDoes() throws {
        let types = try #require(try Self.list("Info.plist")["CFBundleURLTypes"] as? [[String: Any]])
        #expect(types.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] } == ["openid-credential-offer"])
    }

    @Test func nothingIsLoadedInTheClear() throws {
        let transport = try #require(try Self.list("Info.plist")["NSAppTransportSecurity"] as? [String: Any])
        #expect(transport as? [String: Bool] == ["NSAllowsArbitraryLoads": false])
    }

    @Test func faceAndCameraAreAskedForInEachLanguage() throws {
        let info = try Self.list("Info.plist")
        let languages = try #require(info["CFBundleLocalizations"] as? [String])
        #expect(Set(languages) == ["en", "zh-Hans", "ar", "bn", "es"])
        var texts = Set<String>()
        for language in languages {
            let strings = try String(
                contentsOf: Self.folder.appending(path: "\(language).lproj/InfoPlist.strings"), encoding: .utf8)
            for key in ["NSFaceIDUsageDescription", "NSCameraUsageDescription"] {
                let text = try #require(try Regex("\"\(key)\" = \"([^\"]+)\";").firstMatch(in: strings)?[1].substring)
                texts.insert(String(text))
                if language == "en" { #expect(info[key] as? String == String(text)) }
            }
        }
        #expect(texts.count == 2 * languages.count, "each in its own words")
    }

    @Test func thePrivacyManifestNamesNoTrackerAndAReasonForEachKindOfCall() throws {
        let privacy = try Self.list("PrivacyInfo.xcprivacy")
        #expect(privacy["NSPrivacyTracking"] as? Bool == false)
        #expect((privacy["NSPrivacyTrackingDomains"] as? [String])?.isEmpty == true)
        #expect((privacy["NSPrivacyCollectedDataTypes"] as? [[String: Any]])?.isEmpty == true)
        let calls = try #require(privacy["NSPrivacyAccessedAPITypes"] as? [[String: Any]])
        var reasons: [String: [String]] = [:]
        for call in calls {
            let kind = try #require(call["NSPrivacyAccessedAPIType"] as? String)
            reasons[kind] = call["NSPrivacyAccessedAPITypeReasons"] as? [String]
        }
        let expected = [
            "NSPrivacyAccessedAPICategoryFileTimestamp": ["C617.1"],
            "NSPrivacyAccessedAPICategorySystemBootTime": ["35F9.1"],
        ]
        #expect(reasons == expected)
    }

    @Test func filesCanBeWrittenWhileThePhoneIsLocked() throws {
        let entitlements = try Self.list("Vidimus.entitlements")
        #expect(
            entitlements["com.apple.developer.default-data-protection"] as? String
                == "NSFileProtectionCompleteUntilFirstUserAuthentication")
        #expect(entitlements["keychain-access-groups"] as? [String] == ["$(AppIdentifierPrefix)org.vidimus.driver"])
    }
}
