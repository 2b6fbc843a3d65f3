// Stand-in for SwiftUI: what is drawn.
import UIKit

public struct VStack<Content: View>: _Primitive {
    public nonisolated init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {}
}
public struct HStack<Content: View>: _Primitive {
    public nonisolated init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {}
}
public struct LazyVStack<Content: View>: _Primitive {
    public nonisolated init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {}
}
public struct ZStack<Content: View>: _Primitive {
    public nonisolated init(alignment: Alignment = .center, @ViewBuilder content: () -> Content) {}
}
public struct Grid<Content: View>: _Primitive {
    public nonisolated init(
        alignment: Alignment = .center, horizontalSpacing: CGFloat? = nil, verticalSpacing: CGFloat? = nil,
        @ViewBuilder content: () -> Content
    ) {}
}
public struct GridRow<Content: View>: _Primitive {
    public nonisolated init(alignment: VerticalAlignment? = nil, @ViewBuilder content: () -> Content) {}
}
public struct ViewThatFits<Content: View>: _Primitive {
    public nonisolated init(in axes: Axis.Set = [.horizontal, .vertical], @ViewBuilder content: () -> Content) {}
}
public struct ScrollView<Content: View>: _Primitive {
    public nonisolated init(
        _ axes: Axis.Set = .vertical, showsIndicators: Bool = true, @ViewBuilder content: () -> Content
    ) {}
}
public struct Spacer: _Primitive {
    public nonisolated init(minLength: CGFloat? = nil) {}
}
public struct Divider: _Primitive {
    public nonisolated init() {}
}
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: _Primitive {
    public nonisolated init(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content
    ) {}
    public nonisolated init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content)
    where ID == Data.Element.ID, Data.Element: Identifiable {}
}
public struct GeometryProxy {
    public var size: CGSize { .zero }
    public var safeAreaInsets: EdgeInsets { EdgeInsets(top: 0, leading: 0, bottom: 0, trailing: 0) }
}
public struct GeometryReader<Content: View>: _Primitive {
    public nonisolated init(@ViewBuilder content: @escaping (GeometryProxy) -> Content) {}
}

public struct GraphicsContext {
    public struct Shading: Sendable {
        public static func color(_ color: Color) -> Shading { Shading() }
    }
    public func fill(_ path: Path, with shading: Shading, style: FillStyle = FillStyle()) {}
    public func stroke(_ path: Path, with shading: Shading, lineWidth: CGFloat = 1) {}
    public func stroke(_ path: Path, with shading: Shading, style: StrokeStyle) {}
}
public enum ColorRenderingMode: Sendable { case nonLinear, linear, extendedLinear }
public struct Canvas: _Primitive {
    public init(
        opaque: Bool = false, colorMode: ColorRenderingMode = .nonLinear, rendersAsynchronously: Bool = false,
        renderer: @escaping (inout GraphicsContext, CGSize) -> Void
    ) {}
}

/// A key of a table of words, or its text where there is no such key.
public struct LocalizedStringKey: Equatable, ExpressibleByStringInterpolation {
    public init(_ value: String) {}
    public init(stringLiteral value: String) {}
}
public struct Text: _Primitive, Equatable, Sendable {
    public nonisolated init(verbatim content: String) {}
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ content: S) {}
    public nonisolated init(
        _ key: LocalizedStringKey, tableName: String? = nil, bundle: Bundle? = nil, comment: StaticString? = nil
    ) {}
    public nonisolated static func + (lhs: Text, rhs: Text) -> Text { lhs }
    public nonisolated func font(_ font: Font?) -> Text { self }
    public nonisolated func fontWeight(_ weight: Font.Weight?) -> Text { self }
    public nonisolated func bold() -> Text { self }
    public nonisolated func italic() -> Text { self }
    public nonisolated func monospacedDigit() -> Text { self }
    public nonisolated func foregroundStyle<S: ShapeStyle>(_ style: S) -> Text { self }
    public enum TruncationMode: Sendable { case head, tail, middle }
}
public struct Image: _Primitive, Equatable, Sendable {
    public enum Scale: Hashable, Sendable { case small, medium, large }
    public enum Interpolation: Hashable, Sendable { case none, low, medium, high }
    public enum ResizingMode: Hashable, Sendable { case tile, stretch }
    public enum TemplateRenderingMode: Hashable, Sendable { case template, original }
    public nonisolated init(_ name: String, bundle: Bundle? = nil) {}
    public nonisolated init(decorative name: String, bundle: Bundle? = nil) {}
    public nonisolated init(systemName: String) {}
    public nonisolated init(uiImage: UIImage) {}
    public nonisolated func resizable(
        capInsets: EdgeInsets = EdgeInsets(top: 0, leading: 0, bottom: 0, trailing: 0),
        resizingMode: ResizingMode = .stretch
    ) -> Image { self }
    public nonisolated func interpolation(_ interpolation: Interpolation) -> Image { self }
    public nonisolated func renderingMode(_ renderingMode: TemplateRenderingMode?) -> Image { self }
}
public struct Label<Title: View, Icon: View>: _Primitive {
    public nonisolated init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) {}
}
extension Label where Title == Text, Icon == Image {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, systemImage name: String) {
        self.init(title: { Text("") }, icon: { Image("") })
    }
    public nonisolated init(_ titleKey: LocalizedStringKey, systemImage name: String) {
        self.init(title: { Text("") }, icon: { Image("") })
    }
}
public struct LabeledContent<Label: View, Content: View>: _Primitive {
    public nonisolated init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> Label) {}
}
extension LabeledContent where Label == Text, Content: View {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) {
        self.init(content: content, label: { Text("") })
    }
}
extension LabeledContent where Label == Text, Content == Text {
    @_disfavoredOverload public nonisolated init<S1: StringProtocol, S2: StringProtocol>(_ title: S1, value: S2) {
        self.init(content: { Text("") }, label: { Text("") })
    }
}

public struct ButtonRole: Equatable, Sendable {
    private init(_: ()) {}
    public static let destructive = ButtonRole(())
    public static let cancel = ButtonRole(())
}
public struct Button<Label: View>: _Primitive {
    public nonisolated init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {}
    public nonisolated init(
        role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label
    ) {}
}
extension Button where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(
        _ title: S, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void
    ) { self.init(action: action) { Text("") } }
    public nonisolated init(
        _ titleKey: LocalizedStringKey, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void
    ) { self.init(action: action) { Text("") } }
}
extension Button where Label == SwiftUI.Label<Text, Image> {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(
        _ title: S, systemImage: String, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void
    ) { self.init(action: action) { SwiftUI.Label("", systemImage: "") } }
}
public struct Link<Label: View>: _Primitive {
    public nonisolated init(destination: URL, @ViewBuilder label: () -> Label) {}
}
extension Link where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, destination: URL) {
        self.init(destination: destination) { Text("") }
    }
}
public struct ShareLink: _Primitive {
    public nonisolated init(item: String) {}
}
public struct PasteButton: _Primitive {
    public init<T: Transferable>(payloadType: T.Type, onPaste: @escaping ([T]) -> Void) {}
}
/// CoreTransferable's.
public protocol Transferable {}
extension String: Transferable {}
public struct Toggle<Label: View>: _Primitive {
    public nonisolated init(isOn: Binding<Bool>, @ViewBuilder label: () -> Label) {}
}
extension Toggle where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, isOn: Binding<Bool>) {
        self.init(isOn: isOn) { Text("") }
    }
}
public struct TextField<Label: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension TextField where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, text: Binding<String>) { self.init(()) }
    public nonisolated init(_ titleKey: LocalizedStringKey, text: Binding<String>) { self.init(()) }
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(
        _ title: S, text: Binding<String>, axis: Axis
    ) { self.init(()) }
}
public struct SecureField<Label: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension SecureField where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, text: Binding<String>) { self.init(()) }
}
public struct ProgressView<Label: View, CurrentValueLabel: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension ProgressView where CurrentValueLabel == EmptyView {
    public nonisolated init() where Label == EmptyView { self.init(()) }
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S) where Label == Text { self.init(()) }
    public nonisolated init<V: BinaryFloatingPoint>(value: V?, total: V = 1.0) where Label == EmptyView {
        self.init(())
    }
}
public struct Picker<Label: View, SelectionValue: Hashable, Content: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension Picker where Label == Text {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(
        _ title: S, selection: Binding<SelectionValue>, @ViewBuilder content: () -> Content
    ) { self.init(()) }
}
public struct Menu<Label: View, Content: View>: _Primitive {
    public nonisolated init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> Label) {}
}

public struct Form<Content: View>: _Primitive {
    public nonisolated init(@ViewBuilder content: () -> Content) {}
}
public struct List<SelectionValue: Hashable, Content: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension List where SelectionValue == Never {
    public nonisolated init(@ViewBuilder content: () -> Content) { self.init(()) }
    public nonisolated init<Data: RandomAccessCollection, RowContent: View>(
        _ data: Data, @ViewBuilder rowContent: @escaping (Data.Element) -> RowContent
    ) where Content == ForEach<Data, Data.Element.ID, RowContent>, Data.Element: Identifiable { self.init(()) }
}
public struct Section<Parent, Content, Footer> {
    nonisolated init(_: ()) {}
}
extension Section: View where Parent: View, Content: View, Footer: View {
    public var body: Never { fatalError() }
}
extension Section where Parent: View, Content: View, Footer: View {
    public nonisolated init(
        @ViewBuilder content: () -> Content, @ViewBuilder header: () -> Parent, @ViewBuilder footer: () -> Footer
    ) { self.init(()) }
}
extension Section where Parent == EmptyView, Content: View, Footer == EmptyView {
    public nonisolated init(@ViewBuilder content: () -> Content) { self.init(()) }
}
extension Section where Parent == EmptyView, Content: View, Footer: View {
    public nonisolated init(@ViewBuilder content: () -> Content, @ViewBuilder footer: () -> Footer) { self.init(()) }
}
extension Section where Parent: View, Content: View, Footer == EmptyView {
    public nonisolated init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Parent) { self.init(()) }
}
extension Section where Parent == Text, Content: View, Footer == EmptyView {
    @_disfavoredOverload public nonisolated init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) {
        self.init(())
    }
}
public struct DisclosureGroup<Label: View, Content: View>: _Primitive {
    public nonisolated init(@ViewBuilder content: @escaping () -> Content, @ViewBuilder label: () -> Label) {}
}

public struct NavigationPath: Equatable {
    public init() {}
}
public struct NavigationStack<Data, Root: View>: _Primitive {
    nonisolated init(_: ()) {}
}
extension NavigationStack where Data == NavigationPath {
    public nonisolated init(@ViewBuilder root: () -> Root) { self.init(()) }
}
extension NavigationStack {
    public nonisolated init(path: Binding<Data>, @ViewBuilder root: () -> Root)
    where
        Data: MutableCollection, Data: RandomAccessCollection, Data: RangeReplaceableCollection,
        Data.Element: Hashable
    { self.init(()) }
}
public struct NavigationLink<Label: View, Destination: View>: _Primitive {
    public nonisolated init(@ViewBuilder destination: () -> Destination, @ViewBuilder label: () -> Label) {}
}
extension NavigationLink where Destination == Never {
    public nonisolated init<P: Hashable>(value: P?, @ViewBuilder label: () -> Label) { fatalError() }
}
public struct TabView<SelectionValue: Hashable, Content: View>: _Primitive {
    public nonisolated init(selection: Binding<SelectionValue>?, @ViewBuilder content: () -> Content) {}
}
extension TabView where SelectionValue == Int {
    public nonisolated init(@ViewBuilder content: () -> Content) { self.init(selection: nil, content: content) }
}
public struct ContentUnavailableView<Label: View, Description: View, Actions: View>: _Primitive {
    public nonisolated init(
        @ViewBuilder label: () -> Label, @ViewBuilder description: () -> Description = { EmptyView() },
        @ViewBuilder actions: () -> Actions = { EmptyView() }
    ) {}
}

public protocol ToolbarContent {}
public struct ToolbarItemPlacement: Sendable {
    private init(_: ()) {}
    public static let automatic = Self(())
    public static let topBarLeading = Self(())
    public static let topBarTrailing = Self(())
    public static let bottomBar = Self(())
    public static let cancellationAction = Self(())
    public static let confirmationAction = Self(())
    public static let primaryAction = Self(())
    public static let keyboard = Self(())
}
@MainActor @preconcurrency public struct ToolbarItem<ID, Content: View>: ToolbarContent {}
extension ToolbarItem where ID == () {
    public nonisolated init(placement: ToolbarItemPlacement = .automatic, @ViewBuilder content: () -> Content) {}
}
@MainActor @preconcurrency public struct ToolbarItemGroup<Content: View>: ToolbarContent {
    public nonisolated init(placement: ToolbarItemPlacement = .automatic, @ViewBuilder content: () -> Content) {}
}
@resultBuilder public enum ToolbarContentBuilder {
    public static func buildExpression<C: ToolbarContent>(_ content: C) -> C { content }
    public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> _Toolbar { _Toolbar() }
    public static func buildIf<C: ToolbarContent>(_ content: C?) -> _Toolbar { _Toolbar() }
}
public struct _Toolbar: ToolbarContent {}
