#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// What may be driven, and the dates of the license.
package struct Details: View {
    @Environment(\.texts) private var texts
    private let holder: Holder

    package init(holder: Holder) {
        self.holder = holder
    }

    package var body: some View {
        Panel {
            Heading(texts[.licenseCategories])
            ForEach(Array(holder.categories.indices), id: \.self) { index in
                if index > 0 { Divider() }
                CategoryView(category: holder.categories[index])
            }
        }
        Panel {
            day(.licenseBirthDate, texts[holder.born])
            day(.licenseIssued, texts.date(holder.issued))
            day(.licenseExpires, texts[holder.expires])
        }
    }

    private func day(_ label: Word, _ day: String) -> some View {
        Labelled(texts[label]) { Line(day, .strong) }
    }
}

private struct CategoryView: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let category: CategoryRow

    var body: some View {
        HStack(spacing: Space.medium) {
            CodeLine(category.code, .strong, color: palette.onAccent)
                .padding(.horizontal, Space.small)
                .padding(.vertical, Space.hair)
                .frame(minWidth: 52)
                .background(palette.accent, in: RoundedRectangle(cornerRadius: Corner.badge))
            VStack(alignment: .leading, spacing: Space.hair) {
                if let meaning = category.meaning { Line(texts[meaning], .strong) }
                if let from = category.from { Line(texts[from]) }
                if let until = category.until { Line(texts[until]) }
                ForEach(category.conditions, id: \.code) { condition in
                    if let meaning = condition.meaning {
                        Line("\(condition.code)  \(texts[meaning])", .label, color: palette.soft)
                    } else {
                        Line(texts[.licenseCategoryRestrictions, condition.code], .label, color: palette.soft)
                    }
                }
            }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
