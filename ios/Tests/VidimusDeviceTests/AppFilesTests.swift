import Foundation
import Testing

@testable import VidimusDevice

/// What the app says of itself to the system: Xcode takes it as it is, so what is missing is found
/// on a phone.
@Suite struct AppFiles {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../App").standardized

    static func list(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: name))
        return try #require(PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
    }

    private static func ofWorkspace(_ path: String) -> URL {
        folder.appending(path: "../../\(path)").standardized
    }

    /// What a language's InfoPlist.strings say.
    private static func say(_ key: String, in language: String) throws -> String {
        let strings = try String(
            contentsOf: folder.appending(path: "\(language).lproj/InfoPlist.strings"), encoding: .utf8)
        return String(try #require(try Regex("\"\(key)\" = \"([^\"]+)\";").firstMatch(in: strings)?[1].substring))
    }

    /// Without either the app ends as it begins: ThisPhone.Authority.current.
    @Test func theBundleNamesAnAuthorityAndHasItsRootKey() throws {
        let address = try #require(try Self.list("Info.plist")["VidimusAuthority"] as? String)
        #expect(URL(string: address)?.host() != nil)
        let root = try Data(contentsOf: Self.folder.appending(path: "root.cose"))
        let android = Self.ofWorkspace("android/app/authority/development/raw/root.cose")
        #expect(try root == Data(contentsOf: android), "the development authority's, on both systems")
        let project = try String(contentsOf: Self.folder.appending(path: "project.yml"), encoding: .utf8)
        #expect(project.contains("- path: root.cose\n        buildPhase: resources\n"))
    }

    /// The package of the core has a module `VidimusApp`: two of one name and nothing compiles.
    @Test func theAppsModuleHasANameOfItsOwn() throws {
        let project = try String(contentsOf: Self.folder.appending(path: "project.yml"), encoding: .utf8)
        #expect(project.contains("PRODUCT_MODULE_NAME: VidimusDriver\n"))
        let check = try String(contentsOf: Self.ofWorkspace("ios/typecheck/check"), encoding: .utf8)
        #expect(check.contains("App:VidimusDriver\""))
        let modules = try ["ios/Sources", "bindings/swift/Sources"].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: Self.ofWorkspace($0).path(percentEncoded: false))
        }
        #expect(modules.contains("VidimusApp") && !modules.contains("VidimusDriver"))
    }

    @Test func theAppHasItsNameInEachLanguage() throws {
        let table = try String(contentsOf: Self.ofWorkspace("texts/texts.tsv"), encoding: .utf8).split(separator: "\n")
        let row = try #require(table.first { $0.hasPrefix("app.name\t") })
        // Behind the languages stand two columns for translators.
        let tags = table[0].split(separator: "\t").prefix { $0 != "max" }
        let names = Array(zip(tags, row.split(separator: "\t"))).dropFirst()
        let info = try Self.list("Info.plist")
        let languages = try #require(info["CFBundleLocalizations"] as? [String])
        #expect(names.count == languages.count)
        for (tag, name) in names {
            // Xcode's name for what the table calls Chinese.
            let language = tag == "zh" ? "zh-Hans" : String(tag)
            #expect(languages.contains(language))
            #expect(try Self.say("CFBundleDisplayName", in: language) == name)
            if language == info["CFBundleDevelopmentRegion"] as? String {
                #expect(info["CFBundleDisplayName"] as? String == String(name))
            }
        }
    }

    /// `swift build` and `swift test` on a Mac build every target, and a Mac has no UIKit.
    @Test func aMacLeavesOutWhatOnlyAPhoneHas() throws {
        let sources = Self.ofWorkspace("ios/Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path(percentEncoded: false))
        var found = 0
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            let isForPhones = ["UIKit", "BackgroundTasks", "AVFoundation"].contains { text.contains("import \($0)\n") }
            guard isForPhones || file.hasPrefix("VidimusScreens/") else { continue }
            found += 1
            #expect(text.hasPrefix("#if canImport(UIKit)\n") && text.hasSuffix("\n#endif\n"), "\(file)")
        }
        #expect(found > 20)
    }

    @Test func theIconIsOnePictureThatNothingShinesThrough() throws {
        let icons = Self.folder.appending(path: "Assets.xcassets/AppIcon.appiconset")
        let contents = try Data(contentsOf: icons.appending(path: "Contents.json"))
        struct Contents: Decodable {
            let images: [[String: String]]
        }
        let image = try #require(try JSONDecoder().decode(Contents.self, from: contents).images.first)
        #expect(image["size"] == "1024x1024" && image["platform"] == "ios" && image["idiom"] == "universal")
        let picture = try Data(contentsOf: icons.appending(path: try #require(image["filename"])))
        // The first chunk's length and name, 1024 by 1024, 8 bits, and the kind of colors that has
        // no alpha.
        let head: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 4, 0, 0, 0, 4, 0, 8, 2]
        #expect(Array(picture.dropFirst(8).prefix(head.count)) == head)
        #expect(picture.range(of: Data("tRNS".utf8)) == nil)
    }

    @Test func theSystemMayCallTheRefreshThatIsRegistered() throws {
        let info = try Self.list("Info.plist")
        #expect(info["BGTaskSchedulerPermittedIdentifiers"] as? [String] == [RefreshSchedule.identifier])
        #expect(info["UIBackgroundModes"] as? [String] == ["fetch"])
    }

    /// Only a phone can run it; without this the system is asked for a refresh each hour, due or
    /// not.
    @Test func theNextRefreshIsAskedForAfterWhatTheLastOneSaid() throws {
        let driver = try String(contentsOf: Self.folder.appending(path: "VidimusDriver.swift"), encoding: .utf8)
        #expect(driver.ranges(of: "refresh.schedule(").count == 1)
        #expect(driver.contains("refresh.schedule(after: shell.refreshDueIn)\n"))
    }

    @Test func offersOpenTheAppAndNothingElseDoes() throws {
        let types = try #require(try Self.list("Info.plist")["CFBundleURLTypes"] as? [[String: Any]])
        #expect(types.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] } == ["openid-credential-offer"])
    }

    /// No other app can take a link of the authority's host. The address is the one that the
    /// settings lead to.
    @Test func linksOfTheAuthoritysHostOpenTheApp() throws {
        let page = try #require(try Self.list("Info.plist")["VidimusAuthorityPage"] as? String)
        let host = try #require(URL(string: page)?.host())
        let domains = try Self.list("Vidimus.entitlements")["com.apple.developer.associated-domains"] as? [String]
        #expect(domains == ["applinks:\(host)"])
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
            for key in ["NSFaceIDUsageDescription", "NSCameraUsageDescription"] {
                let text = try Self.say(key, in: language)
                texts.insert(text)
                if language == "en" { #expect(info[key] as? String == text) }
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
            "NSPrivacyAccessedAPICategoryDiskSpace": ["E174.1"],
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
