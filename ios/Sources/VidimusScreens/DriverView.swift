#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// The driver's app: a picture of a screen, and nothing but that.
///
/// What somebody does goes to the driver's app, and comes back as another screen. So does a swipe
/// to the screen before: the stack mirrors what the app shows (``Trail``). Where a language runs
/// from right to left so does the screen; a QR, numbers and codes do not.
public struct DriverView: View {
    @Environment(\.colorScheme) private var colorScheme
    @State private var trail: Trail<Screen>
    private let screen: Screen
    private let driver: any Driver
    private let texts: Texts
    private let about: About

    /// A picture of `screen` in the language of `texts`.
    public init(screen: Screen, driver: any Driver, texts: Texts, about: About) {
        self.screen = screen
        self.driver = driver
        self.texts = texts
        self.about = about
        _trail = State(initialValue: Trail(screen, at: screen.stop))
    }

    public var body: some View {
        Stack(trail: $trail, shown: screen, stop: screen.stop) { screen in
            ScreenView(screen: screen, driver: driver, about: about)
        } back: {
            driver.send(.back)
        }
        .background(Palette.of(colorScheme).background)
        .tint(Palette.of(colorScheme).accent)
        .environment(\.texts, texts)
        .environment(\.palette, Palette.of(colorScheme))
        // In a language's own shapes of letters: Chinese and Japanese share code points.
        .environment(\.locale, Locale(identifier: texts.language.rawValue))
        .environment(\.layoutDirection, texts.language.rightToLeft ? .rightToLeft : .leftToRight)
    }
}

/// One screen, as a page of the stack.
private struct ScreenView: View {
    let screen: Screen
    let driver: any Driver
    let about: About

    var body: some View {
        switch screen {
        case .opening: OpeningView()
        case .welcome(let screen): WelcomeView(screen: screen, driver: driver)
        case .scan(let screen): ScanView(screen: screen, driver: driver)
        case .offer(let screen): OfferView(screen: screen, driver: driver)
        case .signIn(let screen): SignInView(screen: screen, driver: driver)
        case .license(let screen): LicenseView(screen: screen, driver: driver)
        case .show(let screen): ShowView(screen: screen, driver: driver)
        case .answer(let screen): AnswerView(screen: screen, driver: driver)
        case .history(let screen): HistoryView(screen: screen, driver: driver)
        case .settings(let screen): SettingsView(screen: screen, about: about, driver: driver)
        case .blocked(let screen): TroubleView(story: screen.story, working: screen.working, driver: driver)
        }
    }
}
#endif
