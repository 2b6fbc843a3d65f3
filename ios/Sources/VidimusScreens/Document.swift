#if canImport(UIKit)
import SwiftUI
import UIKit
import VidimusApp
import VidimusShell

/// The license as a card: who, which number, which state, and how old that is.
struct Document: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @Environment(\.dynamicTypeSize) private var size
    let card: LicenseCard
    let driver: any Driver

    var body: some View {
        VStack(alignment: .leading, spacing: 0) {
            StateBand(status: card.status)
            if let holder = card.holder {
                Group {
                    if size.isAccessibilitySize {
                        VStack(alignment: .leading, spacing: Space.large) { both(holder) }
                    } else {
                        HStack(alignment: .top, spacing: Space.large) { both(holder) }
                    }
                }
                .padding(Space.large)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .background {
            LinearGradient(colors: [palette.cardTop, palette.cardBottom], startPoint: .top, endPoint: .bottom)
        }
        .clipShape(RoundedRectangle(cornerRadius: Corner.card))
        .overlay { RoundedRectangle(cornerRadius: Corner.card).strokeBorder(palette.line, lineWidth: 1) }
        .privacySensitive()
    }

    @ViewBuilder private func both(_ holder: Holder) -> some View {
        Face(portrait: card.portrait, height: 160, picture: { driver.picture($0) })
        names(holder)
    }

    private func names(_ holder: Holder) -> some View {
        VStack(alignment: .leading, spacing: Space.small) {
            VStack(alignment: .leading, spacing: 0) {
                if !holder.givenNames.isEmpty { Line(holder.givenNames) }
                Line(holder.familyName.isEmpty ? holder.givenNames : holder.familyName, .heading)
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(texts[card.spoken])
            .accessibilityAddTraits(.isHeader)
            Labelled(texts[.licenseNumber]) { CodeLine(holder.number, .strong) }
            Labelled(texts[.licenseCountry]) { CodeLine(holder.country, .strong) }
        }
    }
}

/// The portrait of a license, four wide and five high.
package struct Face: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var faces = Remembered<String, UIImage>()
    private let portrait: String?
    private let height: CGFloat
    private let picture: @MainActor (String) -> Data?

    /// - Parameters:
    ///   - portrait: The id of the picture; `nil` where there is none.
    ///   - picture: Gives the bytes of an id.
    package init(portrait: String?, height: CGFloat, picture: @escaping @MainActor (String) -> Data?) {
        self.portrait = portrait
        self.height = height
        self.picture = picture
    }

    package var body: some View {
        content
            .frame(width: height * 0.8, height: height)
            .background(palette.surface)
            .clipShape(RoundedRectangle(cornerRadius: Corner.portrait))
            .overlay { RoundedRectangle(cornerRadius: Corner.portrait).strokeBorder(palette.outline, lineWidth: 1) }
            .accessibilityIgnoresInvertColors()
    }

    @ViewBuilder private var content: some View {
        if let image {
            Image(uiImage: image).resizable().scaledToFill().accessibilityLabel(texts[.licensePortrait])
        } else {
            Image(systemName: "person.fill")
                .font(.largeTitle)
                .foregroundStyle(palette.outline)
                .accessibilityLabel(texts[.licenseNoPortrait])
        }
    }

    /// Read once, and not with each minute that the status ages.
    private var image: UIImage? {
        guard let portrait else { return nil }
        return faces.value(of: portrait) { picture(portrait).flatMap { UIImage(data: $0) } }
    }
}

/// The state across the card, in its color: a word, the shape of its tone, and its age. It is
/// spoken when it changes. A suspended license is another card from a good one, and no chip on the
/// same.
private struct StateBand: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let status: CardStatus

    var body: some View {
        let colors = palette.tone(status.sign.tone)
        let word = texts[status.state]
        HStack(spacing: Space.medium) {
            MarkView(status.sign, side: 40)
            VStack(alignment: .leading, spacing: 0) {
                Line(word, .title, color: colors.ink)
                AsOf(status: status, color: colors.ink)
            }
            Spacer(minLength: 0)
        }
        .padding(Space.large)
        .background(colors.ground)
        .accessibilityElement(children: .combine)
        .onChange(of: word) { _, word in AccessibilityNotification.Announcement(word).post() }
    }
}

/// When the status was signed, and how long ago that is, or that none came.
private struct AsOf: View {
    @Environment(\.texts) private var texts
    let status: CardStatus
    let color: Color

    var body: some View {
        VStack(alignment: .leading, spacing: 0) {
            if let age = status.age { Line(texts[age], color: color) }
            if let asOf = status.asOf { Line(texts[asOf], .label, color: color) }
        }
    }
}
#endif
