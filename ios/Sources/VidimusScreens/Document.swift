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
        VStack(alignment: .leading, spacing: Space.large) {
            if let holder = card.holder {
                if size.isAccessibilitySize {
                    Face(portrait: card.portrait, driver: driver)
                    names(holder)
                } else {
                    HStack(alignment: .top, spacing: Space.large) {
                        Face(portrait: card.portrait, driver: driver)
                        names(holder)
                    }
                }
            }
            Status(status: card.status)
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding(Space.large)
        .background {
            LinearGradient(colors: [palette.cardTop, palette.cardBottom], startPoint: .top, endPoint: .bottom)
        }
        .clipShape(RoundedRectangle(cornerRadius: Corner.card))
        .overlay { RoundedRectangle(cornerRadius: Corner.card).strokeBorder(palette.line, lineWidth: 1) }
        .privacySensitive()
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

private struct Face: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    @State private var faces = Remembered<String, UIImage>()
    let portrait: String?
    let driver: any Driver

    var body: some View {
        picture
            .frame(width: 96, height: 120)
            .background(palette.surface)
            .clipShape(RoundedRectangle(cornerRadius: Corner.portrait))
            .overlay { RoundedRectangle(cornerRadius: Corner.portrait).strokeBorder(palette.outline, lineWidth: 1) }
            .accessibilityIgnoresInvertColors()
    }

    @ViewBuilder private var picture: some View {
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
        return faces.value(of: portrait) { driver.picture(portrait).flatMap { UIImage(data: $0) } }
    }
}

/// The state and its age: beside each other where there is room.
struct Status: View {
    let status: CardStatus

    var body: some View {
        ViewThatFits(in: .horizontal) {
            HStack(spacing: Space.medium) { both }
            VStack(alignment: .leading, spacing: Space.small) { both }
        }
    }

    @ViewBuilder private var both: some View {
        StateChip(status: status)
        AsOf(status: status)
    }
}

/// The state: a word, the shape of its tone, its color. It is spoken when it changes.
private struct StateChip: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let status: CardStatus

    var body: some View {
        let colors = palette.tone(status.sign.tone)
        let word = texts[status.state]
        HStack(spacing: Space.small) {
            MarkView(status.sign)
            Line(word, .strong, color: colors.ink)
        }
        .padding(.vertical, Space.small)
        .padding(.horizontal, Space.medium)
        .background(colors.ground, in: RoundedRectangle(cornerRadius: 24))
        .accessibilityElement(children: .combine)
        .onChange(of: word) { _, word in AccessibilityNotification.Announcement(word).post() }
    }
}

/// When the status was signed, and how long ago that is, or that none came.
private struct AsOf: View {
    @Environment(\.texts) private var texts
    @Environment(\.palette) private var palette
    let status: CardStatus

    var body: some View {
        VStack(alignment: .leading, spacing: 0) {
            if let age = status.age { Line(texts[age], status.asOf == nil ? .label : .strong) }
            if let asOf = status.asOf { Line(texts[asOf], .label, color: palette.soft) }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
