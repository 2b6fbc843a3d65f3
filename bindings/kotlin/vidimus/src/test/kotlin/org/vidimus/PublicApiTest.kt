package org.vidimus

import org.junit.jupiter.api.Test
import org.vidimus.app.DriverApp
import org.vidimus.app.Update
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.time.LocalDate
import java.time.ZoneOffset
import kotlin.io.path.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.reflect.KCallable
import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberProperties
import kotlin.reflect.full.declaredMembers
import kotlin.reflect.full.isSubclassOf
import kotlin.reflect.jvm.kotlinFunction
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Instant

/** What an app sees of the hand-written package, by reflection. */
class PublicApiTest {
    private val classes = classes().filter { it.kotlinOrNull()?.visibility == KVisibility.PUBLIC }.map { it.kotlin }

    /**
     * Unsigned numbers are allowed in the driver's app alone: its values are the generated ones,
     * and no shell computes with what is unsigned there, ids, numbers of frames and of typings. It
     * hands them back.
     */
    @Test
    fun `no public signature names the native side, or outside of the driver's app an unsigned number`() {
        val open = ArrayDeque(signatures())
        val seen = HashSet<KClass<*>>()
        val wrong = sortedSetOf<String>()
        while (open.isNotEmpty()) {
            val (name, type) = open.removeFirst()
            val path = type.qualifiedName.orEmpty()
            if (FOREIGN.containsMatchIn(path)) wrong.add("$name: $path")
            if (UNSIGNED.matches(path) && !name.startsWith(APP)) wrong.add("$name: $path")
            // The values come from the generated code: what is in them shows as well.
            if (path.startsWith("org.vidimus.") && seen.add(type)) {
                if (FOREIGN_NAME.containsMatchIn(checkNotNull(type.simpleName))) wrong.add(path)
                type.values().forEach { value -> open.addAll(value.returnType.all().map { "$path.${value.name}" to it }) }
            }
        }
        assertEquals(sortedSetOf(), wrong)
        assertTrue(License::class in seen && StatusReport::class in seen && Wallet::class in seen)
        assertTrue(DriverApp::class in seen && Update::class in seen)
    }

    @Test
    fun `no public name shows how the library is made`() {
        val names = classes.flatMap { type -> type.members().map { it.name } + checkNotNull(type.simpleName) } + facades().map { it.name }
        assertEquals(emptyList(), names.filter { FOREIGN_NAME.containsMatchIn(it) })
        assertTrue("readOffer" in names && "isDark" in names && "getFindings" in names)
    }

    @Test
    fun `whoever must be closed can be closed by use`() {
        val closable = classes.filter { it.isSubclassOf(AutoCloseable::class) }.map { it.simpleName }
        assertEquals(setOf("Wallet", "Presentation", "Verifier", "ReaderBook", "Look", "FaceCollector", "DriverApp", "OfficerApp"), closable.toSet())
        assertTrue(classes.none { it.isSubclassOf(Disposable::class) })
    }

    @Test
    fun `nothing that is printed holds personal data or a token`() {
        val born = BirthDate.Day(1991, 2, 28)
        val license = License("Okonkwo", "Adaeze", born, "D-1", listOf(), DAY, null, "ZZ", ZoneOffset.UTC, null)
        val report = StatusReport(LicenseStatus.VALID, null, StatusSource.NONE, null)
        val findings = Findings(listOf(), report, null, byteArrayOf(), byteArrayOf(), "Office", null, false)
        val standing = StandingKind.VALID.standing
        val outlook = listOf(StandingSpan(Duration.ZERO, listOf(standing)))
        val held = HeldLicense("id", license, report, standing, outlook, null, null, true, false)
        val header = HttpHeader("authorization", "Bearer secret-token")
        val printed =
            listOf(
                license,
                born,
                BirthDate.YearMonth(1991, 2),
                BirthDate.Year(1991),
                held,
                Verdict.Accept(license, findings),
                WalletStatus(listOf(held), Health(false, listOf())),
                HttpRequest(HttpMethod.GET, "https://secret-token", listOf(header), byteArrayOf(), Duration.ZERO, 1),
                HttpResponse(200, listOf(header), byteArrayOf()),
                Sight.Verdict(Checked(Verdict.Accept(license, findings), DAY_BEGINS, listOf()), 0, true),
                CheckLog(listOf(CheckEntry(DAY_BEGINS, CheckOutcome.ACCEPT, listOf(), "D-1")), true),
            )
        for (text in printed.map { "$it" }) {
            for (secret in listOf("Okonkwo", "Adaeze", "1991", "D-1", "secret-token")) {
                assertTrue(secret !in text, "$secret is in $text")
            }
        }
    }

    private fun signatures(): List<Pair<String, KClass<*>>> =
        classes.flatMap { type -> type.members().flatMap { it.types("${type.qualifiedName}.${it.name}") } } +
            facades().flatMap { method ->
                (method.parameterTypes.toList() + method.returnType).map { "${method.declaringClass.name}.${method.name}" to it.kotlin }
            }

    private fun KCallable<*>.types(name: String): List<Pair<String, KClass<*>>> = (parameters.map { it.type } + returnType).flatMap { type -> type.all().map { name to it } }

    private fun KType.all(): List<KClass<*>> = listOfNotNull(classifier as? KClass<*>) + arguments.flatMap { it.type?.all().orEmpty() }

    private fun KClass<*>.members(): List<KCallable<*>> = (declaredMembers + constructors).filter { it.visibility == KVisibility.PUBLIC && it.name !in MADE_BY_KOTLIN }

    /** The properties that a value shows. */
    private fun KClass<*>.values(): List<KCallable<*>> = declaredMemberProperties.filter { it.visibility == KVisibility.PUBLIC }

    /**
     * Functions and properties that stand in no class; for the getters of the latter reflection
     * knows no Kotlin.
     */
    private fun facades(): List<Method> =
        classes()
            .filter { it.simpleName.endsWith("Kt") }
            .flatMap { it.declaredMethods.toList() }
            .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic }
            .filter { (it.kotlinFunction?.visibility ?: KVisibility.PUBLIC) == KVisibility.PUBLIC }

    private fun classes(): List<Class<*>> =
        listOf("org.vidimus", "org.vidimus.app").flatMap { name ->
            Path("target/contract/classes", *name.split('.').toTypedArray()).listDirectoryEntries("*.class").map {
                Class.forName("$name.${it.nameWithoutExtension}")
            }
        }

    private fun Class<*>.kotlinOrNull(): KClass<*>? = if (simpleName.endsWith("Kt") || isSynthetic || isAnonymousClass) null else kotlin

    private companion object {
        val DAY: LocalDate = LocalDate.of(2024, 3, 1)
        val DAY_BEGINS: Instant = Instant.parse("2024-03-01T00:00:00Z")
        const val APP = "org.vidimus.app."
        val FOREIGN = Regex("""\.(Core[A-Z]|Uniffi|Ffi|Rust|Disposable|InternalException|DriverSetup|OfficerSetup|WalletConfig|ReaderConfig)|com\.sun\.jna""")
        val UNSIGNED = Regex("""kotlin\.U(Byte|Short|Int|Long)""")
        val FOREIGN_NAME = Regex("uniffi|(?<!t)rust|ffi(?!ce)|tokio|^Core[A-Z]", RegexOption.IGNORE_CASE)
        val MADE_BY_KOTLIN = setOf("copy", "equals", "hashCode", "toString")
    }
}
