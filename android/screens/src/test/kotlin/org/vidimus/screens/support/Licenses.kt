package org.vidimus.screens.support

import org.vidimus.app.ApplicationCard
import org.vidimus.app.CategoryRow
import org.vidimus.app.Holder
import org.vidimus.app.LicenseScreen
import org.vidimus.app.Pager
import org.vidimus.app.Screen
import org.vidimus.app.Trouble
import org.vidimus.app.Value
import org.vidimus.screens.coded
import org.vidimus.screens.support.Fixtures.held
import org.vidimus.screens.support.Fixtures.named
import org.vidimus.screens.support.Fixtures.standing
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/** The license's screen in its states. */
internal object Licenses {
    val all: List<Sample> by lazy { states() + troubles() + others() }

    /** The licenses of a wallet, the one at [front] in front. */
    class Wallet(
        val held: List<Held>,
        val front: Int = 0,
        val refreshing: Boolean = false,
        val troubles: List<Trouble> = emptyList(),
        val applications: List<ApplicationCard> = emptyList(),
    ) {
        constructor(
            held: Held,
            vararg troubles: Trouble,
        ) : this(listOf(held), troubles = troubles.toList())

        val inFront get() = held[front]

        val screen get() =
            LicenseScreen(
                title = Told.words(if (held.size > 1) Word.LICENSE_TITLES else Word.LICENSE_TITLE),
                card = inFront.card,
                pager = if (held.size > 1) pager else null,
                refreshing = refreshing,
                applications = applications,
                troubles = troubles.map(Told::story),
                mayShow = inFront.mayShow,
            )

        private val pager get() =
            Pager(
                Told.words(Word.LICENSE_OF, Value.Number((front + 1).toUInt()), Value.Number(held.size.toUInt())),
                (front - 1).takeIf { it >= 0 }?.toUInt(),
                (front + 1).takeIf { it < held.size }?.toUInt(),
            )
    }

    private fun license(
        name: String,
        wallet: Wallet,
        open: Boolean = false,
        says: Texts.() -> List<String> = { emptyList() },
    ) = Sample("license-$name", Screen.License(wallet.screen), open) { cardOf(wallet.inFront) + refreshOf(wallet) + says() }

    private fun states() = State.entries.map { license(it.name.lowercase(), Wallet(held(standing = standing(it)))) }

    private fun troubles() =
        Trouble.entries.flatMap { trouble ->
            val state = State.entries.firstOrNull { it.name == trouble.name } ?: State.VALID
            val wallet = Wallet(held(standing = standing(state)), trouble)
            listOf(
                license("trouble-${trouble.code}", wallet) { all(trouble.title) },
                license("trouble-${trouble.code}-open", wallet, open = true) { storyOf(trouble) },
            )
        }

    private fun others(): List<Sample> {
        val three = listOf(held(), held(Fixtures.arabic, Fixtures.old, null, "license-2"), held(Fixtures.chinese, id = "license-3"))
        val suspended = listOf(held(standing = standing(State.SUSPENDED))) + three.drop(1)
        val worst = listOf(Trouble.SUSPENDED, Trouble.CLOCK_SET_BACK, Trouble.STATUS_OLD, Trouble.NO_NETWORK)
        return listOf(
            license("just-now", Wallet(held(standing = standing(State.VALID, 0.minutes)))),
            license("old", Wallet(held(standing = Fixtures.old), Trouble.STATUS_OLD)),
            license("hours", Wallet(held(standing = standing(State.VALID, 5.hours)))),
            license("never", Wallet(held(standing = standing(State.UNKNOWN, null)))),
            license("refreshing", Wallet(listOf(held()), refreshing = true)),
            license("applied", Wallet(listOf(held()), applications = listOf(SignIns.waiting))) { all(Word.APPLICATION_WAITING, Word.APPLICATION_ASK) },
            license("no-portrait", Wallet(held(portrait = null))),
            license("no-categories", Wallet(held(Fixtures.adaeze.copy(categories = emptyList())))),
            license("no-end", Wallet(held(Fixtures.adaeze.copy(born = Value.Year(1991u), expires = Told.value(Word.LICENSE_NO_END))))),
            license("one-name", Wallet(held(Fixtures.adaeze.named(givenNames = "")))),
            license("given-name-alone", Wallet(held(Fixtures.adaeze.named(familyName = "")))),
            license("long", Wallet(held(Fixtures.longest))),
            license("arabic-name", Wallet(held(Fixtures.arabic))),
            license("chinese-name", Wallet(held(Fixtures.chinese))),
            license("damaged", Wallet(held(null, portrait = null, damaged = true), Trouble.DAMAGED)) { all(Word.TROUBLE_DAMAGED_WHAT) },
            license("damaged-in-part", Wallet(held(damaged = true))) { all(Word.LICENSE_DAMAGED) },
            license("first-of-three", Wallet(three, 0)) { several(1) },
            license("second-of-three", Wallet(three, 1)) { several(2) },
            license("last-of-three", Wallet(three, 2)) { several(3) },
            license("many-troubles", Wallet(suspended, troubles = worst)) { listOf(get(worst.first().title), get(Word.TROUBLE_MORE, "3")) },
            license("many-troubles-open", Wallet(suspended, troubles = worst), open = true) { worst.flatMap { storyOf(it) } },
        )
    }

    private fun Texts.several(place: Int) = all(Word.LICENSE_TITLES, Word.LICENSE_NEXT, Word.LICENSE_PREVIOUS) + get(Word.LICENSE_OF, "$place", "3")

    private fun Texts.refreshOf(wallet: Wallet) = all(if (wallet.refreshing) Word.LICENSE_REFRESHING else Word.LICENSE_REFRESH)

    private fun Texts.cardOf(held: Held): List<String> {
        val controls = all(Word.LICENSE_SHOW, Word.LICENSE_ANSWER, Word.LICENSE_ADD, Word.LICENSE_CHECK, Word.LICENSE_HISTORY, Word.LICENSE_SETTINGS)
        val state = get(held.state)
        val age = held.standing.age
        val heard =
            when {
                held.damaged -> get(Word.LICENSE_DAMAGED)
                age == null -> get(Word.LICENSE_NEVER)
                else -> get(Word.LICENSE_CONFIRMED, age(age))
            }
        val day = age?.let { get(Word.LICENSE_AS_OF, dateTime(Fixtures.now - it, Stage.ZONE)) }
        val status = listOfNotNull(age?.let(::age) ?: get(Word.LICENSE_NEVER), day).filterNot { held.damaged }
        val portrait = get(if (held.portrait == null) Word.LICENSE_NO_PORTRAIT else Word.LICENSE_PORTRAIT)
        val holder = held.holder?.let { holderOf(it) + portrait + get(Word.LICENSE_SPOKEN, it.name, state, heard) }
        return controls + state + status + holder.orEmpty()
    }

    private fun Texts.holderOf(holder: Holder): List<String> {
        val names = listOf(holder.givenNames, holder.familyName, holder.number, holder.country).filter(String::isNotEmpty)
        val labels = all(Word.LICENSE_NUMBER, Word.LICENSE_COUNTRY, Word.LICENSE_BIRTH_DATE, Word.LICENSE_ISSUED, Word.LICENSE_EXPIRES) + get(Word.LICENSE_CATEGORIES)
        val days = listOf(say(holder.born), say(Value.Day(holder.issued)), say(holder.expires))
        return names + labels + days + holder.categories.flatMap { categoryOf(it) }
    }

    private fun Texts.categoryOf(category: CategoryRow): List<String> = listOf(category.code) + listOfNotNull(category.meaning, category.from, category.until, category.coded).map { say(it) } + category.conditions.filter { it.meaning != null }.flatMap { listOf(it.code, say(checkNotNull(it.meaning))) }
}
