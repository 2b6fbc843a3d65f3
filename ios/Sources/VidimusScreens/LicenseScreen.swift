#if canImport(UIKit)
import SwiftUI
import VidimusModels

/// The licenses on this phone, one in front.
struct LicenseScreen: View {
    @Environment(\.texts) private var texts
    let state: LicenseState
    let actions: any Actions

    var body: some View {
        Page(texts[state.cards.count > 1 ? .licenseTitles : .licenseTitle], back: nil) {
            SymbolButton("clock", name: texts[.licenseHistory]) { actions.history() }
            SymbolButton("gearshape", name: texts[.licenseSettings]) { actions.settings() }
        } content: {
            if state.cards.count > 1 { pager }
            ForEach(state.troubles, id: \.self) { Banner(trouble: $0, actions: actions) }
            if state.card.damaged { NoticeView(.bad, texts[.licenseDamaged], isNews: false) }
            Document(card: state.card).id(state.card.id)
            refresh
            if let holder = state.card.holder { Details(holder: holder) }
            SideButton(texts[.licenseAnswer], symbol: "text.bubble", isEnabled: state.card.mayShow) { actions.answer() }
            SideButton(texts[.licenseAdd], symbol: "plus") { actions.addLicense() }
        } foot: {
            MainButton(texts[.licenseShow], symbol: "qrcode", isEnabled: state.card.mayShow) { actions.show() }
                .frame(maxWidth: Space.widest)
                .padding(.horizontal, Space.large)
                .padding(.vertical, Space.medium)
        }
    }

    private var refresh: some View {
        HStack {
            Spacer(minLength: 0)
            if state.refreshing {
                Busy(texts[.licenseRefreshing])
            } else {
                WordButton(texts[.licenseRefresh], symbol: "arrow.clockwise") { actions.refresh() }
            }
            Spacer(minLength: 0)
        }
    }

    private var pager: some View {
        HStack {
            SymbolButton("chevron.backward", name: texts[.licensePrevious], isEnabled: state.selected > 0) {
                actions.select(state.selected - 1)
            }
            Spacer(minLength: 0)
            Line(texts[.licenseOf, "\(state.selected + 1)", "\(state.cards.count)"], .strong)
            Spacer(minLength: 0)
            SymbolButton(
                "chevron.forward", name: texts[.licenseNext], isEnabled: state.selected + 1 < state.cards.count
            ) {
                actions.select(state.selected + 1)
            }
        }
    }
}
#endif
