#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// The driver's app: a picture of a screen's state, and nothing but that.
///
/// What the driver does goes to the actions, and comes back as another screen. Where a language runs from right to left so
/// does the screen; a QR, numbers and codes do not.
public struct DriverView: View {
    @Environment(\.colorScheme) private var colorScheme
    private let screen: Screen
    private let actions: any Actions
    private let texts: Texts

    /// A picture of `screen` in the language of `texts`.
    public init(screen: Screen, actions: any Actions, texts: Texts) {
        self.screen = screen
        self.actions = actions
        self.texts = texts
    }

    public var body: some View {
        picture
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(Palette.of(colorScheme).background)
            .environment(\.texts, texts)
            .environment(\.palette, Palette.of(colorScheme))
            // In a language's own shapes of letters: Chinese and Japanese share code points.
            .environment(\.locale, Locale(identifier: texts.language.rawValue))
            .environment(\.layoutDirection, texts.language.rightToLeft ? .rightToLeft : .leftToRight)
            // Whoever hears the screen begins at its top when it is another one.
            .onChange(of: screen.code) { _, _ in AccessibilityNotification.ScreenChanged().post() }
    }

    @ViewBuilder private var picture: some View {
        switch screen {
        case .opening: OpeningScreen()
        case .welcome(let state): WelcomeScreen(state: state, actions: actions)
        case .scan(let state): ScanScreen(state: state, actions: actions)
        case .offer(let state): OfferScreen(state: state, actions: actions)
        case .license(let state): LicenseScreen(state: state, actions: actions)
        case .show(let state): ShowScreen(state: state, actions: actions)
        case .answer(let state): AnswerScreen(state: state, actions: actions)
        case .history(let state): HistoryScreen(state: state, actions: actions)
        case .settings(let state): SettingsScreen(state: state, actions: actions)
        case .blocked(let state): TroubleScreen(trouble: state.trouble, working: state.working, actions: actions)
        }
    }
}
#endif
