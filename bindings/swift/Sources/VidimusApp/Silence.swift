import VidimusCore

// Logs, crash reports, `dump` and debuggers see the name of a value of the driver's app, and nothing in it. The core gives
// `description`; what looks at the parts of a value by reflection finds none.

/// A value that prints its name alone.
package protocol Silent: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Silent {
    /// Its name alone.
    public var debugDescription: String { description }

    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Action: Silent {}
extension Answer: Silent {}
extension AnswerScreen: Silent {}
extension Asker: Silent {}
extension BlockedScreen: Silent {}
extension CalendarDay: Silent {}
extension CardStatus: Silent {}
extension CategoryRow: Silent {}
extension CodeField: Silent {}
extension CodeLength: Silent {}
extension Field: Silent {}
extension HistoryRow: Silent {}
extension HistoryScreen: Silent {}
extension Holder: Silent {}
extension LicenseCard: Silent {}
extension LicenseScreen: Silent {}
extension LiveCode: Silent {}
extension Note: Silent {}
extension OfferScreen: Silent {}
extension Pager: Silent {}
extension RemovableLicense: Silent {}
extension ScanScreen: Silent {}
extension Screen: Silent {}
extension SettingsScreen: Silent {}
extension ShowButton: Silent {}
extension ShowPhase: Silent {}
extension ShowScreen: Silent {}
extension Story: Silent {}
extension Update: Silent {}
extension Value: Silent {}
extension WelcomeScreen: Silent {}
extension Words: Silent {}
