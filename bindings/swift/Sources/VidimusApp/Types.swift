import VidimusCore

// The values of the driver's app, under the names that shells use. All are immutable, `Sendable`
// and `Equatable`; those that may be personal print nothing but their own name.

/// What a driver does, and what the shell has to say. One that does not belong to the present
/// screen does nothing: a finger may be slower than a screen.
public typealias Action = VidimusCore.Action

/// What came of an effect of the shell.
public typealias Answer = VidimusCore.Answer

/// What became of asking the phone's lock.
public typealias LockOutcome = VidimusCore.LockOutcome

/// What the shell does. It finds it in each update until it has sent `Done`, or until it is gone
/// there: then no one waits for it any more, and a dialog that is open for it is closed.
public typealias Ask = VidimusCore.Ask

/// Why the phone's lock is asked.
public typealias UnlockReason = VidimusCore.UnlockReason

/// A place outside of the app.
public typealias Place = VidimusCore.Place

/// Something that the shell is asked to do.
public typealias ShellEffect = VidimusCore.ShellEffect

/// A text of the table, with what is put into its places `{0}`, `{1}` and so on. It may hold a
/// name: no `Debug`.
public typealias Words = VidimusCore.Words

/// Something that the shell writes in its language. It may be personal: no `Debug`.
public typealias Value = VidimusCore.Value

/// A day of the calendar, as a license has it printed: in no time zone.
public typealias CalendarDay = VidimusCore.CalendarDay

/// How something is to be taken.
public typealias Tone = VidimusCore.ScreenTone

/// The shape that goes with a tone, for people who do not see its color.
public typealias Mark = VidimusCore.ScreenMark

/// A tone and its shape: never one without the other.
public typealias Sign = VidimusCore.Sign

/// A sentence with its sign, for a notice on a screen.
public typealias Note = VidimusCore.Note

/// What is on the screen.
public typealias Screen = VidimusCore.Screen

/// A field in which somebody types.
public typealias Field = VidimusCore.Field

/// Nothing yet, or another license is to be added: how to begin.
public typealias WelcomeScreen = VidimusCore.WelcomeScreen

/// The camera looks for a code.
public typealias ScanScreen = VidimusCore.ScanScreen

/// An offer that was read.
public typealias OfferScreen = VidimusCore.OfferScreen

/// The page where the driver signs in: it waits for the browser, or for the authority.
public typealias SignInScreen = VidimusCore.SignInScreen

/// A license that was applied for and has not come, as a card.
public typealias ApplicationCard = VidimusCore.ApplicationCard

/// The button of an application's card.
public typealias ApplicationButton = VidimusCore.ApplicationButton

/// What the button of an application's card does.
public typealias ApplicationOffer = VidimusCore.ApplicationOffer

/// The field for a transaction code.
public typealias CodeField = VidimusCore.CodeField

/// How much of a transaction code is there.
public typealias CodeLength = VidimusCore.CodeLength

/// An officer asks for the license.
public typealias AnswerScreen = VidimusCore.AnswerScreen

/// What happened, the newest first.
public typealias HistoryScreen = VidimusCore.HistoryScreen

/// One thing that happened.
public typealias HistoryRow = VidimusCore.HistoryRow

/// What happened to a license.
public typealias HistoryKind = VidimusCore.HistoryKind

/// The wallet cannot be opened.
public typealias BlockedScreen = VidimusCore.BlockedScreen

/// The licenses on this phone, one of them in front.
public typealias LicenseScreen = VidimusCore.LicenseScreen

/// The way from one license to the others.
public typealias Pager = VidimusCore.Pager

/// A license as a card.
public typealias LicenseCard = VidimusCore.LicenseCard

/// How a license stands, when its status was signed, and how old that is.
public typealias CardStatus = VidimusCore.CardStatus

/// Whose license it is and what may be driven.
public typealias Holder = VidimusCore.Holder

/// What may be driven, and when.
public typealias CategoryRow = VidimusCore.CategoryRow

/// A restriction of a category.
public typealias Condition = VidimusCore.Condition

/// What is stored, and how to remove it.
public typealias SettingsScreen = VidimusCore.SettingsScreen

/// A way from the settings to a place outside of the app.
public typealias SettingsLink = VidimusCore.SettingsLink

/// A license that may be removed.
public typealias RemovableLicense = VidimusCore.RemovableLicense

/// A license that is shown, or about to be, or was. From each phase without a code a button or the
/// way back leads on.
public typealias ShowScreen = VidimusCore.ShowScreen

/// A button of a showing.
public typealias ShowButton = VidimusCore.ShowButton

/// What a button of a showing does.
public typealias Offered = VidimusCore.Offered

/// The code that is on the screen.
public typealias LiveCode = VidimusCore.LiveCode

/// The driver's face beside a code, and whose turn it is.
public typealias FaceTurn = VidimusCore.FaceTurn

/// A reader wants the face too, and the driver says whether it is shown.
public typealias FaceAsked = VidimusCore.FaceAsked

/// What to tell a driver who does not look at the app, now and later.
public typealias DueNotices = VidimusCore.DueNotices

/// One thing to tell the driver.
public typealias LicenseNotice = VidimusCore.LicenseNotice

/// What a notice is about. It is not shown with it.
public typealias NoticeKind = VidimusCore.NoticeKind

/// A notice that the system can be asked to show at a later time.
public typealias PlannedNotice = VidimusCore.PlannedNotice

/// Who asks for the license, as the answer page shows it.
public typealias Asker = VidimusCore.Asker

/// What may be wrong: each with what happened, what still holds and what to do. The order is that
/// of the screen, the worst first.
public typealias Trouble = VidimusCore.Trouble

/// What a driver can do about a trouble.
public typealias TroubleAction = VidimusCore.TroubleAction

/// A trouble as a screen tells it.
public typealias Story = VidimusCore.Story

/// What is on the screen, and what the shell is to do.
public typealias Update = VidimusCore.Update

/// How far a showing is.
public typealias ShowPhase = VidimusCore.ShowPhase

// The values of the app that checks licenses.

/// What the officer does, and what the shell reports.
public typealias OfficerAction = VidimusCore.OfficerAction

/// What came of an effect of the shell of the app that checks licenses.
public typealias OfficerAnswer = VidimusCore.OfficerAnswer

/// What the shell of the app that checks licenses is asked for. It finds it in each update until it
/// has sent `Done`, or until it is gone there.
public typealias OfficerAsk = VidimusCore.OfficerAsk

/// Something that the shell of the app that checks licenses is asked to do.
public typealias OfficerShellEffect = VidimusCore.OfficerShellEffect

/// What is on the screen of the app that checks licenses, and what its shell must do.
public typealias OfficerUpdate = VidimusCore.OfficerUpdate

/// What is on the screen of the app that checks licenses.
public typealias OfficerScreen = VidimusCore.OfficerScreen

/// Whom the reader trusts, and how old what it knows is.
public typealias StartScreen = VidimusCore.StartScreen

/// An authority, and how old what it signed is.
public typealias TrustRow = VidimusCore.TrustRow

/// The camera, or the field instead of it.
public typealias LookScreen = VidimusCore.LookScreen

/// Two licenses are in one picture.
public typealias TwoScreen = VidimusCore.TwoScreen

/// A question for the driver's phone, which an honest one can answer.
public typealias DoubtScreen = VidimusCore.DoubtScreen

/// The reader's book cannot be opened.
public typealias BookBlockedScreen = VidimusCore.BookBlockedScreen

/// What is to be thought of a license.
public typealias VerdictScreen = VidimusCore.VerdictScreen

/// A reason of a verdict, and what to do now.
public typealias ReasonRow = VidimusCore.ReasonRow

/// The driver's face, as far as it was read.
public typealias FaceView = VidimusCore.FaceView

/// The checks of before, the newest first.
public typealias CheckLogScreen = VidimusCore.CheckLogScreen

/// One check.
public typealias CheckRow = VidimusCore.CheckRow
