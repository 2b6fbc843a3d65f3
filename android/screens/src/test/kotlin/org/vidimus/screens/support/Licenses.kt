package org.vidimus.screens.support

import org.vidimus.StandingKind
import org.vidimus.models.Holder
import org.vidimus.models.LicenseCard
import org.vidimus.models.LicenseState
import org.vidimus.models.Screen
import org.vidimus.models.Texts
import org.vidimus.models.Trouble
import org.vidimus.models.Word
import org.vidimus.screens.design.title
import org.vidimus.screens.design.word
import org.vidimus.screens.support.Fixtures.card
import org.vidimus.screens.support.Fixtures.standing
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/** The license's screen in its states. */
internal object Licenses {
    val all: List<Sample> by lazy { states() + troubles() + others() }

    private fun license(
        name: String,
        state: LicenseState,
        open: Boolean = false,
        says: Texts.() -> List<String> = { emptyList() },
    ) = Sample("license-$name", Screen.License(state), open) { cardOf(state.card) + refreshOf(state) + says() }

    private fun one(card: LicenseCard = card()) = LicenseState(listOf(card), 0)

    private fun states() = StandingKind.entries.map { license(it.name.lowercase(), one(card(standing = standing(it)))) }

    private fun troubles() =
        Trouble.entries.flatMap { trouble ->
            val kind = StandingKind.entries.firstOrNull { it.name == trouble.name } ?: StandingKind.VALID
            val state = one(card(standing = standing(kind))).copy(troubles = listOf(trouble))
            listOf(
                license("trouble-${trouble.code}", state) { all(trouble.title) },
                license("trouble-${trouble.code}-open", state, open = true) { storyOf(trouble) },
            )
        }

    private fun others(): List<Sample> {
        val two = listOf(card(), card(Fixtures.arabic, Fixtures.old, null, "license-2"), card(Fixtures.chinese, id = "license-3"))
        val suspended = listOf(card(standing = standing(StandingKind.SUSPENDED))) + two.drop(1)
        val worst = listOf(Trouble.SUSPENDED, Trouble.CLOCK_SET_BACK, Trouble.STATUS_OLD, Trouble.NO_NETWORK)
        return listOf(
            license("just-now", one(card(standing = standing(StandingKind.VALID, 0.minutes)))),
            license("old", one(card(standing = Fixtures.old)).copy(troubles = listOf(Trouble.STATUS_OLD))),
            license("hours", one(card(standing = standing(StandingKind.VALID, 5.hours)))),
            license("never", one(card(standing = standing(StandingKind.UNKNOWN, null)))),
            license("refreshing", one().copy(refreshing = true)),
            license("no-portrait", one(card(portrait = null))),
            license("no-categories", one(card(Fixtures.adaeze.copy(categories = emptyList())))),
            license("one-name", one(card(Fixtures.adaeze.copy(givenNames = "")))),
            license("given-name-alone", one(card(Fixtures.adaeze.copy(familyName = "")))),
            license("long", one(card(Fixtures.longest))),
            license("arabic-name", one(card(Fixtures.arabic))),
            license("chinese-name", one(card(Fixtures.chinese))),
            license("damaged", one(card(null, portrait = null, damaged = true)).copy(troubles = listOf(Trouble.DAMAGED))) {
                all(Word.LICENSE_DAMAGED)
            },
            license("first-of-three", LicenseState(two, 0)) { several(1) },
            license("second-of-three", LicenseState(two, 1)) { several(2) },
            license("last-of-three", LicenseState(two, 2)) { several(3) },
            license("many-troubles", LicenseState(suspended, 0, troubles = worst)) { worst.map { get(it.title) } },
            license("many-troubles-open", LicenseState(suspended, 0, troubles = worst), open = true) { worst.flatMap { storyOf(it) } },
        )
    }

    private fun Texts.several(place: Int) = all(Word.LICENSE_TITLES, Word.LICENSE_NEXT, Word.LICENSE_PREVIOUS) + get(Word.LICENSE_OF, "$place", "3")

    private fun Texts.refreshOf(state: LicenseState) = all(if (state.refreshing) Word.LICENSE_REFRESHING else Word.LICENSE_REFRESH)

    private fun Texts.cardOf(card: LicenseCard): List<String> {
        val age = card.standing.age?.let(::age) ?: get(Word.LICENSE_NEVER)
        val state = get(card.standing.license.word)
        val day = card.standing.asOf?.let { get(Word.LICENSE_AS_OF, dateTime(it, Stage.ZONE)) }
        val controls = all(Word.LICENSE_SHOW, Word.LICENSE_ANSWER, Word.LICENSE_ADD, Word.LICENSE_HISTORY, Word.LICENSE_SETTINGS)
        val heard = card.standing.age?.let { get(Word.LICENSE_CONFIRMED, age(it)) } ?: age
        val portrait = get(if (card.portrait == null) Word.LICENSE_NO_PORTRAIT else Word.LICENSE_PORTRAIT)
        val holder = card.holder?.let { holderOf(it) + portrait + get(Word.LICENSE_SPOKEN, it.name, state, heard) }
        return controls + listOfNotNull(state, age, day) + holder.orEmpty()
    }

    private fun Texts.holderOf(holder: Holder): List<String> {
        val names = listOf(holder.givenNames, holder.familyName, holder.number, holder.country).filter(String::isNotEmpty)
        val labels = all(Word.LICENSE_NUMBER, Word.LICENSE_COUNTRY, Word.LICENSE_BIRTH_DATE, Word.LICENSE_ISSUED, Word.LICENSE_EXPIRES) + get(Word.LICENSE_CATEGORIES)
        val days = listOf(date(holder.birthDate), date(holder.issued), holder.expires?.let(::date) ?: get(Word.LICENSE_NO_END))
        val categories =
            holder.categories.flatMap { category ->
                listOfNotNull(
                    category.code,
                    category.from?.let { get(Word.LICENSE_CATEGORY_FROM, date(it)) },
                    category.until?.let { get(Word.LICENSE_CATEGORY_UNTIL, date(it)) },
                    category.restrictions.takeIf { it.isNotEmpty() }?.let { get(Word.LICENSE_CATEGORY_RESTRICTIONS, list(it)) },
                )
            }
        return names + labels + days + categories
    }
}
