import Foundation
import Testing

@testable import VidimusDevice

/// What the apps say of themselves to the system: Xcode takes it unread, so what is missing is found
/// on a phone.
@Suite struct AppFiles {
    static let folder = ofApp("App")
    /// The folders of both apps.
    static let apps = ["App", "Officer"]

    private static func ofApp(_ app: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(app)").standardized
    }

    static func list(_ name: String, of app: String = "App") throws -> [String: Any] {
        let data = try Data(contentsOf: ofApp(app).appending(path: name))
        return try #require(PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
    }

    private static func ofWorkspace(_ path: String) -> URL {
        folder.appending(path: "../../\(path)").standardized
    }

    /// What a language's InfoPlist.strings say.
    private static func say(_ key: String, in language: String, of app: String) throws -> String {
        let strings = try String(
            contentsOf: ofApp(app).appending(path: "\(language).lproj/InfoPlist.strings"), encoding: .utf8)
        return String(try #require(try Regex("\"\(key)\" = \"([^\"]+)\";").firstMatch(in: strings)?[1].substring))
    }

    private static func text(_ name: String, of app: String = "App") throws -> String {
        try String(contentsOf: ofApp(app).appending(path: name), encoding: .utf8)
    }

    /// Without either the app ends as it begins: ThisPhone.Authority.current, OfficerSettings.setup.
    @Test(arguments: apps) func theBundleNamesAnAuthorityAndHasItsRootKey(app: String) throws {
        let address = try #require(try Self.list("Info.plist", of: app)["VidimusAuthority"] as? String)
        #expect(URL(string: address)?.host() != nil)
        let root = try Data(contentsOf: Self.folder.appending(path: "root.cose"))
        let android = Self.ofWorkspace("android/app/authority/development/raw/root.cose")
        #expect(try root == Data(contentsOf: android), "the development authority's, on both systems")
        let path = app == "App" ? "root.cose" : "../App/root.cose"
        let project = try Self.text("project.yml", of: app)
        #expect(project.contains("- path: \(path)\n        buildPhase: resources\n"))
    }

    /// The package of the core has a module `VidimusApp`: two of one name and nothing compiles.
    @Test func theAppsModuleHasANameOfItsOwn() throws {
        let project = try Self.text("project.yml")
        #expect(project.contains("PRODUCT_MODULE_NAME: VidimusDriver\n"))
        let check = try String(contentsOf: Self.ofWorkspace("ios/typecheck/check"), encoding: .utf8)
        #expect(check.contains(" App:VidimusDriver Officer:VidimusOfficer\""))
        let modules = try ["ios/Sources", "bindings/swift/Sources"].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: Self.ofWorkspace($0).path(percentEncoded: false))
        }
        #expect(modules.contains("VidimusApp") && !modules.contains("VidimusDriver"))
        #expect(!modules.contains("VidimusOfficer"), "the name of the officer's target is its module's")
    }

    @Test(arguments: zip(apps, ["app.name", "officer.title"]))
    func theAppHasItsNameInEachLanguage(app: String, key: String) throws {
        let table = try String(contentsOf: Self.ofWorkspace("texts/texts.tsv"), encoding: .utf8).split(separator: "\n")
        let row = try #require(table.first { $0.hasPrefix("\(key)\t") })
        // Behind the languages stand two columns for translators.
        let tags = table[0].split(separator: "\t").prefix { $0 != "max" }
        let names = Array(zip(tags, row.split(separator: "\t"))).dropFirst()
        let info = try Self.list("Info.plist", of: app)
        let languages = try #require(info["CFBundleLocalizations"] as? [String])
        #expect(names.count == languages.count)
        for (tag, name) in names {
            // Xcode's name for what the table calls Chinese.
            let language = tag == "zh" ? "zh-Hans" : String(tag)
            #expect(languages.contains(language))
            #expect(try Self.say("CFBundleDisplayName", in: language, of: app) == name)
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
            let isForPhones = ["UIKit", "BackgroundTasks", "AVFoundation", "UserNotifications"].contains {
                text.contains("import \($0)\n")
            }
            let isDrawn = ["VidimusScreens/", "VidimusReader/Apple/"].contains { file.hasPrefix($0) }
            guard isForPhones || isDrawn else { continue }
            found += 1
            #expect(text.hasPrefix("#if canImport(UIKit)\n") && text.hasSuffix("\n#endif\n"), "\(file)")
        }
        #expect(found > 40)
    }

    @Test(arguments: apps) func theIconIsOnePictureThatNothingShinesThrough(app: String) throws {
        let icons = Self.ofApp(app).appending(path: "Assets.xcassets/AppIcon.appiconset")
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
        let others = Self.ofApp(app == "App" ? "Officer" : "App")
        let other = others.appending(path: "Assets.xcassets/AppIcon.appiconset/AppIcon.png")
        #expect(try picture != Data(contentsOf: other), "no one takes one app for the other")
    }

    @Test func theSystemMayCallTheRefreshThatIsRegistered() throws {
        let info = try Self.list("Info.plist")
        #expect(info["BGTaskSchedulerPermittedIdentifiers"] as? [String] == [RefreshSchedule.identifier])
        #expect(info["UIBackgroundModes"] as? [String] == ["fetch"])
    }

    /// Only a phone can run it; without this the system is asked for a refresh each hour, due or
    /// not.
    @Test func theNextRefreshIsAskedForAfterWhatTheLastOneSaid() throws {
        let driver = try Self.text("VidimusDriver.swift")
        #expect(driver.ranges(of: "refresh.schedule(").count == 1)
        #expect(driver.contains("refresh.schedule(after: shell.refreshDueIn)\n"))
    }

    /// The same of notices. Without the second a phone whose refreshes the system puts off plans
    /// nothing.
    @Test func theDriverIsToldAfterARefreshAndPlansAreMadeWhenTheAppIsLeft() throws {
        let driver = try Self.text("VidimusDriver.swift")
        #expect(driver.contains("} telling: { wallet in\n            await notices.tell(of: wallet)\n"))
        #expect(driver.contains("await refresh.tellNow()\n"))
        #expect(driver.contains("NoticeTaps { license in shell.bring(license: license) }"))
    }

    @Test func offersOpenTheAppAndNothingElseDoes() throws {
        let types = try #require(try Self.list("Info.plist")["CFBundleURLTypes"] as? [[String: Any]])
        #expect(
            types.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] } == ["openid-credential-offer", "vidimus"])
    }

    /// No other app can take a link of the authority's host. The address is the one that the
    /// settings lead to.
    @Test func linksOfTheAuthoritysHostOpenTheApp() throws {
        let page = try #require(try Self.list("Info.plist")["VidimusAuthorityPage"] as? String)
        let host = try #require(URL(string: page)?.host())
        let domains = try Self.list("Vidimus.entitlements")["com.apple.developer.associated-domains"] as? [String]
        #expect(domains == ["applinks:\(host)"])
    }

    @Test(arguments: apps) func nothingIsLoadedInTheClear(app: String) throws {
        let transport = try #require(try Self.list("Info.plist", of: app)["NSAppTransportSecurity"] as? [String: Any])
        #expect(transport as? [String: Bool] == ["NSAllowsArbitraryLoads": false])
    }

    @Test(
        arguments: zip(apps, [["NSFaceIDUsageDescription", "NSCameraUsageDescription"], ["NSCameraUsageDescription"]]))
    func faceAndCameraAreAskedForInEachLanguage(app: String, keys: [String]) throws {
        let info = try Self.list("Info.plist", of: app)
        #expect(info.keys.filter { $0.hasSuffix("UsageDescription") }.sorted() == keys.sorted())
        let languages = try #require(info["CFBundleLocalizations"] as? [String])
        #expect(Set(languages) == ["en", "zh-Hans", "ar", "bn", "es"])
        var texts = Set<String>()
        for language in languages {
            for key in keys {
                let text = try Self.say(key, in: language, of: app)
                texts.insert(text)
                if language == "en" { #expect(info[key] as? String == text) }
            }
        }
        #expect(texts.count == keys.count * languages.count, "each in its own words")
    }

    /// The core refuses a longer name, and one that looks like a question.
    @Test func theOfficersReaderHasANameToAskUnder() throws {
        let name = try #require(try Self.list("Info.plist", of: "Officer")["VidimusReaderName"] as? String)
        #expect((1...64).contains(name.utf8.count) && !name.hasPrefix("dl1:"))
    }

    /// Each has its own keys, so that either can be removed without the other.
    @Test func noReaderHasTheKeysOfAWallet() throws {
        let pattern = #/(?:service:|readersKeys =) "(org\.vidimus\.[a-z.]+)"/#
        let services = try [("ThisPhone.swift", "App"), ("OfficerSettings.swift", "Officer")].flatMap { file, app in
            try Self.text(file, of: app).matches(of: pattern).map { String($0.1) }
        }
        #expect(services == ["org.vidimus.driver", "org.vidimus.driver.reader", "org.vidimus.officer"])
    }

    @Test(arguments: apps) func thePrivacyManifestNamesNoTrackerAndAReasonForEachKindOfCall(app: String) throws {
        let privacy = try Self.list("PrivacyInfo.xcprivacy", of: app)
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

    @Test(arguments: zip(apps, [("Vidimus", "org.vidimus.driver"), ("Officer", "org.vidimus.officer")]))
    func filesCanBeWrittenWhileThePhoneIsLocked(app: String, names: (file: String, group: String)) throws {
        let entitlements = try Self.list("\(names.file).entitlements", of: app)
        #expect(
            entitlements["com.apple.developer.default-data-protection"] as? String
                == "NSFileProtectionCompleteUntilFirstUserAuthentication")
        #expect(entitlements["keychain-access-groups"] as? [String] == ["$(AppIdentifierPrefix)\(names.group)"])
    }
}
