#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// The licenses on this phone, one in front.
struct LicenseView: View {
    @Environment(\.texts) private var texts
    @Environment(\.layoutDirection) private var direction
    let screen: LicenseScreen
    let driver: any Driver

    var body: some View {
        Page(texts[screen.title], back: nil) {
            if screen.refreshing {
                ProgressView().accessibilityLabel(texts[.licenseRefreshing])
            } else {
                SymbolButton("arrow.clockwise", name: texts[.licenseRefresh]) { driver.send(.refresh) }
            }
            SymbolButton("clock", name: texts[.licenseHistory]) { driver.send(.history) }
            SymbolButton("gearshape", name: texts[.licenseSettings]) { driver.send(.settings) }
        } content: {
            Document(card: screen.card, driver: driver)
                .id(screen.card.id)
                .simultaneousGesture(DragGesture(minimumDistance: 30).onEnded { turn($0.translation) })
            if let pager = screen.pager { PagerView(pager: pager, driver: driver) }
            Applications(cards: screen.applications, driver: driver)
            Banners(stories: screen.troubles, driver: driver)
            if let damaged = screen.card.damaged { NoteView(damaged, isNews: false) }
            if let holder = screen.card.holder { Details(holder: holder) }
            SideButton(texts[.licenseAdd], symbol: "plus") { driver.send(.addLicense) }
            SideButton(texts[.licenseCheck], symbol: "checkmark.shield") { driver.send(.check) }
        } foot: {
            VStack(spacing: Space.small) {
                MainButton(texts[.licenseShow], symbol: "qrcode", isEnabled: screen.mayShow) { driver.send(.show) }
                SideButton(texts[.licenseAnswer], symbol: "text.bubble", isEnabled: screen.mayShow) {
                    driver.send(.answer)
                }
            }
            .frame(maxWidth: Space.widest)
            .padding(.horizontal, Space.large)
            .padding(.vertical, Space.small)
        }
        .refreshable { @MainActor in await driver.refresh() }
    }

    /// A finger that goes across the card turns to the next license, as on a page.
    private func turn(_ way: CGSize) {
        let isLeftToRight = direction == .leftToRight
        guard let index = screen.pager?.index(across: way.width, down: way.height, isLeftToRight: isLeftToRight)
        else { return }
        driver.send(.select(index: index))
    }
}

/// The way to the other licenses.
private struct PagerView: View {
    @Environment(\.texts) private var texts
    let pager: Pager
    let driver: any Driver

    var body: some View {
        HStack {
            turn("chevron.backward", .licensePrevious, to: pager.previous)
            Spacer(minLength: 0)
            Line(texts[pager.place], .strong)
            Spacer(minLength: 0)
            turn("chevron.forward", .licenseNext, to: pager.next)
        }
    }

    private func turn(_ symbol: String, _ name: Word, to index: UInt32?) -> some View {
        SymbolButton(symbol, name: texts[name], isEnabled: index != nil) {
            if let index { driver.send(.select(index: index)) }
        }
    }
}
#endif
