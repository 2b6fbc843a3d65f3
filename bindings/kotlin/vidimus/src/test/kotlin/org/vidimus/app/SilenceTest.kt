package org.vidimus.app

import org.junit.jupiter.api.Test
import org.vidimus.DriverSetup
import java.nio.file.FileSystems
import java.nio.file.Path
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.full.primaryConstructor
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/**
 * Nothing of a person is printed: each value of the driver's app is filled with a marker, and
 * printed.
 */
class SilenceTest {
    private val values = generated().filter { it.isValue() }

    @Test
    fun `every class of the generated package is a value, an enumeration, or part of the native side`() {
        val others = generated().filterNot { it.isValue() || it.java.isEnum || it.isSealed || it.objectInstance != null }
        assertEquals(emptyList(), others.map { it.java.simpleName }.filterNot { NATIVE.containsMatchIn(it) })
        // A new one is found by itself; this only says that the search finds any.
        assertTrue(values.size > 60 && Update::class in values && Screen.Welcome::class in values, "${values.size} values")
    }

    @Test
    fun `no value prints the text that it holds`() {
        for (type in values) {
            for (value in type.filled()) {
                val printed = "$value"
                assertFalse(MARKER in printed, "${type.qualifiedName} prints a text that it holds")
                if (type.isPersonal()) assertEquals("${type.family().simpleName}(…)", printed)
            }
        }
    }

    @Test
    fun `a marker that is printed would be found, and every text is filled`() {
        data class Loud(
            val text: String,
        )
        assertTrue(Loud::class.filled().all { MARKER in "$it" })
        val words = Words::class.filled().first() as Words
        assertTrue(words.key == MARKER && words.values.isNotEmpty())
        // Each variant of what is inside comes once, too.
        val screens = Update::class.filled().map { (it as Update).screen::class }
        assertEquals(Screen::class.sealedSubclasses.toSet(), screens.toSet())
    }

    @Test
    fun `what an app begins with prints nothing`() {
        val setup = DriverSetup(MARKER, MARKER.toByteArray(), MARKER, MARKER, listOf(MARKER.toByteArray()), true, MARKER.toByteArray())
        assertEquals("DriverSetup(…)", "$setup")
    }

    private fun KClass<*>.isValue() = isData || (objectInstance != null && isVariant())

    /** The closed list of variants that it is one of; itself where it is none. */
    private fun KClass<*>.family(): KClass<*> = java.superclass?.kotlin?.takeIf { it.isSealed } ?: this

    private fun KClass<*>.isVariant() = family() != this

    /** Whether a text or a day may stand in it; of a variant, in any of its family. */
    private fun KClass<*>.isPersonal(): Boolean {
        if (this == String::class || this == CalendarDay::class) return true
        val variants = family().let { if (it.isSealed) it.sealedSubclasses else listOf(it) }
        return variants.filter { it.isData }.any { variant -> variant.fields().any { field -> field.classes().any { it.isPersonal() } } }
    }

    private fun KClass<*>.fields(): List<KType> = checkNotNull(primaryConstructor).parameters.map { it.type }

    private fun KType.classes(): List<KClass<*>> = listOfNotNull(classifier as? KClass<*>) + arguments.flatMap { it.type?.classes().orEmpty() }

    /**
     * Values of a class, so many that each variant of what is in it comes once, with a marker in
     * each text.
     */
    private fun KClass<*>.filled(): List<Any> {
        objectInstance?.let { return listOf(it) }
        if (java.isEnum) return java.enumConstants.toList()
        if (isSealed) return sealedSubclasses.flatMap { it.filled() }
        val constructor = checkNotNull(primaryConstructor) { "$this" }
        val choices = constructor.parameters.map { it.type.filled() }
        return List(choices.maxOf { it.size }) { index ->
            constructor.call(*choices.map { it[index % it.size] }.toTypedArray())
        }
    }

    private fun KType.filled(): List<Any> =
        when (val type = classifier as KClass<*>) {
            String::class -> listOf(MARKER)

            Boolean::class -> listOf(true, false)

            Int::class -> listOf(NUMBER)

            UByte::class -> listOf(NUMBER.toUByte())

            UShort::class -> listOf(NUMBER.toUShort())

            UInt::class -> listOf(NUMBER.toUInt())

            ULong::class -> listOf(NUMBER.toULong())

            List::class -> checkNotNull(arguments.single().type).filled().map { listOf(it, it) }

            // A field of another kind would not be filled: this fails, and somebody looks at it.
            else -> if (type.qualifiedName.orEmpty().startsWith("org.vidimus.app.")) type.filled() else error("how is $type filled?")
        }

    /** All classes of the package, from where its values are loaded. */
    private fun generated(): List<KClass<*>> {
        val place = Path.of(Update::class.java.protectionDomain.codeSource.location.toURI())
        val names =
            if (place.isDirectory()) {
                place.resolve(PACKAGE).classNames()
            } else {
                FileSystems.newFileSystem(place).use { it.getPath(PACKAGE).classNames() }
            }
        return names
            .map { Class.forName("org.vidimus.app.$it") }
            .filterNot { it.isSynthetic || it.isAnonymousClass || it.simpleName == "Companion" || it.simpleName.endsWith("Kt") }
            .map { it.kotlin }
    }

    private fun Path.classNames(): List<String> = listDirectoryEntries("*.class").filterNot { it.name == "module-info.class" }.map { it.nameWithoutExtension }

    private companion object {
        const val MARKER = "Nakamura-4711"
        const val NUMBER = 7
        const val PACKAGE = "org/vidimus/app"

        /** What bindgen puts beside the values. */
        val NATIVE = Regex("^(FfiConverter|Uniffi|Rust|Foreign|Integrity|Internal|ByValue|ByReference|Disposable|NoHandle|JavaLang|Android|DefaultImpls)")
    }
}
