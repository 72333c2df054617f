"""The gate itself: every way to break abi.h is noticed, and only what the rules of growth allow is recorded.

Each case edits a copy of the header and asks check, record and the compiler.
"""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from layout import HEADER, RECORD, ROOT

HERE = pathlib.Path(__file__).resolve().parent
MINOR = ("#define CRM_ABI_MINOR 0u", "#define CRM_ABI_MINOR 1u")
MAJOR = ("#define CRM_ABI_MAJOR 1u", "#define CRM_ABI_MAJOR 2u")
WAKE_END = ("} crm_wake;",
            "    /* [any-thread] [borrowed] As wake, but after delay_us. */\n"
            "    void (*wake_after)(void* ctx, int64_t delay_us);\n} crm_wake;")
CTX_AND_WRITE = ("    void* ctx;\n    /* [any-thread] [borrowed] One line",
                 "    void* wide;\n    void* ctx;\n    /* [any-thread] [borrowed] One line")
NEW_SERVICE = ("/* ---- What the module offers",
               '#define CRM_SERVICE_WAKE_2 "crm.wake/2"\n'
               "typedef struct crm_wake_2 {\n    uint32_t struct_size;\n    uint32_t reserved;\n    void* ctx;\n"
               "    /* [any-thread] [borrowed] There is work now. */\n    crm_result (*wake)(void* ctx, const crm_sink* error);\n"
               "} crm_wake_2;\n\n/* ---- What the module offers")


def edited(*edits):
    text = HEADER.read_text()
    for before, after in edits:
        assert text.count(before) == 1, f"{before!r} is {text.count(before)} times in abi.h"
        text = text.replace(before, after)
    return text


def without(start, end):
    """The header without the text from `start` up to and including `end`."""
    text = HEADER.read_text()
    first = text.index(start)
    return text[:first] + text[text.index(end, first) + len(end):]


class Gate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.header = self.folder / "include/crm/abi.h"
        self.header.parent.mkdir(parents=True)
        self.record = self.folder / "abi-layout.def"
        shutil.copy(RECORD, self.record)
        source = self.folder / "src/abi_layout.cpp"
        source.parent.mkdir()
        shutil.copy(ROOT / "host-sdk/src/abi_layout.cpp", source)

    def tool(self, name, *options):
        done = subprocess.run([HERE / name, "--header", self.header, "--record", self.record, *options],
                              capture_output=True, text=True)
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode, done.stdout + done.stderr

    def compiles(self):
        return subprocess.run(["c++", "-std=c++20", f"-I{self.folder}/include", "-fsyntax-only",
                               self.folder / "src/abi_layout.cpp"], capture_output=True).returncode == 0

    def expect_break(self, text, *words):
        """check, record and the compiler all refuse, and say what it is about."""
        self.header.write_text(text)
        status, output = self.tool("check")
        self.assertEqual(status, 1, output)
        for word in ("breaks modules that are out there", *words):
            self.assertIn(word, output)
        before = self.record.read_text()
        status, output = self.tool("record")
        self.assertEqual(status, 1, output)
        self.assertIn("not recorded", output)
        self.assertEqual(self.record.read_text(), before)
        self.assertFalse(self.compiles(), "the compiler did not notice")

    def expect_addition(self, text, *options):
        """check refuses until record has been run, then passes."""
        self.header.write_text(text)
        status, output = self.tool("check")
        self.assertEqual(status, 1, output)
        self.assertNotIn("breaks modules", output)
        status, output = self.tool("record", *options)
        self.assertEqual(status, 0, output)
        status, output = self.tool("check")
        self.assertEqual(status, 0, output)
        self.assertTrue(self.compiles())

    def expect_lint(self, text, finding):
        self.header.write_text(text)
        for name in ("check", "record"):
            status, output = self.tool(name)
            self.assertEqual(status, 1, output)
            self.assertIn(finding, output)

    def test_the_header_as_it_is_passes(self):
        self.header.write_text(HEADER.read_text())
        self.assertEqual(self.tool("check")[0], 0)
        self.assertTrue(self.compiles())

    def test_swapped_members(self):
        wrap, unwrap = "crm_result (*wrap)(", "crm_result (*unwrap)("
        self.expect_break(edited((wrap, "@"), (unwrap, wrap), ("@", unwrap)), "crm_keys.wrap", "crm_keys.unwrap")

    def test_member_inserted_in_the_middle(self):
        self.expect_break(edited(CTX_AND_WRITE, MINOR), "crm_log.wide is new but not at the end", "crm_log.ctx")

    def test_type_changed(self):
        self.expect_break(edited(("void (*write)(void* ctx, uint32_t level,", "void (*write)(void* ctx, uint64_t level,")),
                          "crm_log.write", "uint64_t")

    def test_type_of_the_result_code_changed(self):
        self.expect_break(edited(("typedef int32_t crm_result;", "typedef int64_t crm_result;")), "crm_result")

    def test_parameter_added(self):
        self.expect_break(edited(("void (*wake)(void* ctx);", "void (*wake)(void* ctx, int64_t delay_us);")), "crm_wake.wake")

    def test_member_renamed(self):
        self.expect_break(edited(("(*monotonic_us)", "(*steady_us)"), MINOR), "crm_clock.monotonic_us vanished")

    def test_member_removed(self):
        self.expect_break(without("    /* [any-thread] [borrowed] Microseconds since an", "(*monotonic_us)(void* ctx);\n"),
                          "crm_clock.monotonic_us vanished")

    def test_table_removed_but_its_name_kept(self):
        self.expect_break(without("typedef struct crm_wake {", "} crm_wake;\n"), "table crm_wake vanished")

    def test_value_changed(self):
        self.expect_break(edited(("#define CRM_CONFLICT ((crm_result)3)", "#define CRM_CONFLICT ((crm_result)9)")),
                          "CRM_CONFLICT was 3, is 9")

    def test_value_removed(self):
        self.expect_break(without("#define CRM_NOT_FOUND", "\n"), "CRM_NOT_FOUND vanished")

    def test_name_string_changed(self):
        self.expect_break(edited(('"crm.keys/1"', '"crm.keys/2"'), MINOR), "CRM_SERVICE_KEYS")

    def test_macro_changed(self):
        self.expect_break(edited(("    ((table)->struct_size >=", "    ((table)->struct_size >")), "CRM_HAS")

    def test_padding_changed(self):
        self.header.write_text(edited(("} crm_wake;", "} __attribute__((aligned(32))) crm_wake;")))
        self.assertIn("only plain C99", self.tool("check")[1])
        self.assertEqual(self.tool("record")[0], 1)
        self.assertFalse(self.compiles())
        self.header.write_text(edited(("typedef struct crm_wake {", "#pragma pack(1)\ntypedef struct crm_wake {")))
        self.assertIn("only typedefs and macros", self.tool("check")[1])

    def test_version_lowered(self):
        self.expect_break(edited(("#define CRM_ABI_MAJOR 1u", "#define CRM_ABI_MAJOR 0u")), "went back")

    def test_magic_changed_even_with_a_new_major(self):
        self.header.write_text(edited(("    uint32_t magic; ", "    uint64_t magic; "), MAJOR))
        status, output = self.tool("record")
        self.assertEqual(status, 1, output)
        self.assertIn("frozen for ever", output)

    def test_member_appended(self):
        self.expect_addition(edited(WAKE_END, MINOR))

    def test_member_appended_without_a_new_version(self):
        self.header.write_text(edited(WAKE_END))
        status, output = self.tool("record")
        self.assertEqual(status, 1, output)
        self.assertIn("CRM_ABI_MINOR was not raised", output)

    def test_code_added(self):
        self.expect_addition(edited(("#define CRM_NOT_FOUND ((crm_result)8)",
                                     "#define CRM_NOT_FOUND ((crm_result)8)\n#define CRM_TOO_LARGE ((crm_result)9)"), MINOR))

    def test_service_added_beside_the_old_one(self):
        self.expect_addition(edited(NEW_SERVICE, MINOR))

    def test_service_retired(self):
        text = without('#define CRM_SERVICE_WAKE "crm.wake/1"', "} crm_wake;\n").replace(*MINOR)
        self.header.write_text(text)
        self.assertIn("--retire crm.wake/1", self.tool("check")[1])
        self.assertEqual(self.tool("record")[0], 1)
        self.assertEqual(self.tool("record", "--retire", "crm.keys/1", "--retire", "crm.wake/1")[0], 1)
        self.expect_addition(text, "--retire", "crm.wake/1")

    def test_everything_but_the_entry_may_change_with_a_new_major(self):
        self.header.write_text(edited(("(*monotonic_us)", "(*steady_us)"), MAJOR))
        self.assertEqual(self.tool("check")[0], 1)
        self.assertEqual(self.tool("record")[0], 0)
        self.assertEqual(self.tool("check")[0], 0)

    def test_no_thread_tag(self):
        self.expect_lint(edited(("/* [any-thread] [borrowed] Makes a run_due", "/* [borrowed] Makes a run_due")),
                         "crm_connector.cancel has no thread tag")

    def test_no_ownership_tag(self):
        self.expect_lint(edited(("/* [any-thread] [borrowed] Makes a run_due", "/* [any-thread] Makes a run_due")),
                         "crm_connector.cancel has no ownership tag")

    def test_comment_belongs_to_another_function(self):
        self.expect_lint(edited(WAKE_END, ("    /* [any-thread] [borrowed] As wake, but after delay_us. */\n", ""), MINOR),
                         "crm_wake.wake_after has no thread tag")

    def test_entry_function_without_tags(self):
        self.expect_lint(edited((" * [any-thread] [borrowed] Answers a static", " * Answers a static")), "crm_module_entry_fn has no")

    def test_unknown_tag(self):
        self.expect_lint(edited(("[main-thread] [owned] Ends", "[main-thread] [gui-thread] [owned] Ends")), "[gui-thread]")

    def test_two_thread_tags(self):
        self.expect_lint(edited(("[main-thread] [owned] Ends", "[main-thread] [any-thread] [owned] Ends")), "more than one")

    def test_forbidden_types(self):
        for declared, name in [("long", "long"), ("size_t", "size_t"), ("double", "double"), ("int", "int")]:
            with self.subTest(declared):
                self.expect_lint(edited((WAKE_END[0], WAKE_END[1].replace("int64_t delay_us", f"{declared} delay_us")), MINOR),
                                 f"uses {name}")

    def test_struct_by_value(self):
        self.expect_lint(edited((WAKE_END[0], WAKE_END[1].replace("int64_t delay_us", "crm_sink sink")), MINOR), "uses crm_sink")

    def test_variadic_function(self):
        self.expect_lint(edited((WAKE_END[0], WAKE_END[1].replace("int64_t delay_us", "...")), MINOR), "variadic")

    def test_text_without_size(self):
        self.expect_lint(edited((WAKE_END[0], WAKE_END[1].replace("int64_t delay_us", "const char* why")), MINOR),
                         "without a uint64_t size")

    def test_code_without_error_sink(self):
        self.expect_lint(edited((WAKE_END[0], WAKE_END[1].replace("void (*wake_after)", "crm_result (*wake_after)")), MINOR),
                         "no error sink")

    def test_table_without_its_size(self):
        table = NEW_SERVICE[1].replace("    uint32_t struct_size;\n", "")
        self.expect_lint(edited((NEW_SERVICE[0], table), MINOR), "crm_wake_2 must start with struct_size")

    def test_name_without_table(self):
        self.expect_lint(edited(("/* ---- What the module offers", '#define CRM_SERVICE_MAIL "crm.mail/1"\n/* ---- What the module offers'),
                                MINOR), "has no table crm_mail")

    def test_too_long(self):
        self.expect_lint(HEADER.read_text() + "\n" * 600, "must stay under 600")

    def test_nothing_recorded_is_no_pass(self):
        self.header.write_text(HEADER.read_text())
        self.record.write_text("// nothing\n")
        status, output = self.tool("check")
        self.assertEqual(status, 1)
        self.assertIn("no tables recorded", output)
        self.record.unlink()
        self.assertEqual(self.tool("check")[0], 1)

    def test_nothing_declared_is_no_pass(self):
        self.header.write_text("typedef int nothing;\n")
        status, output = self.tool("check")
        self.assertEqual(status, 1)
        self.assertIn("no tables found", output)


class Languages(unittest.TestCase):
    """abi.h alone, as every language and compiler reads it, without a warning."""

    def compile(self, *command):
        done = subprocess.run([*command, "-pedantic", "-Wall", "-Wextra", "-Werror", f"-I{HEADER.parents[1]}",
                               "-fsyntax-only", "-"], input='#include "crm/abi.h"\ntypedef crm_entry used;\n',
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_gcc(self):
        for standard in ("c99", "c11", "c17"):
            self.compile("gcc", "-x", "c", f"-std={standard}")
        self.compile("g++", "-x", "c++", "-std=c++20")

    @unittest.skipUnless(shutil.which("clang"), "no clang here")
    def test_clang(self):
        for standard in ("c99", "c11", "c17"):
            self.compile("clang", "-x", "c", f"-std={standard}", "-Wpadded")
        self.compile("clang++", "-x", "c++", "-std=c++20", "-Wpadded")

    def test_32_bit(self):
        # Freestanding needs the compiler's own stdint.h only, so no 32-bit C library has to be installed.
        self.compile("gcc", "-x", "c", "-std=c99", "-m32", "-ffreestanding")
        self.compile("gcc", "-x", "c", "-std=c11", "-m32", "-ffreestanding")
        self.compile("g++", "-x", "c++", "-std=c++20", "-m32", "-ffreestanding")
        if shutil.which("clang"):
            self.compile("clang", "-x", "c", "-std=c99", "-m32", "-ffreestanding")
            self.compile("clang++", "-x", "c++", "-std=c++20", "-m32", "-ffreestanding")


if __name__ == "__main__":
    unittest.main()
