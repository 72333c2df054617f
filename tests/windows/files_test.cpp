// What differs on Windows when a module file is judged: names, links, access lists, open files.
#include <windows.h>

#include <sddl.h>

#include <catch2/catch.hpp>
#include <string>

#include "fixtures.hpp"

namespace fs = std::filesystem;
using Catch::Contains;

namespace {

std::string good_bytes() {
    return read_text(fixture_modules().front());
}

// Makes `link` lead to `target`, which is relative to the link's folder. Wine has no call of Windows for it,
// but follows the links of the system below, and starts that system's programs.
void make_link(const std::string& target, const fs::path& link) {
    std::wstring command = L"ln -s " + fs::path(target).wstring() + L" " + link.filename().wstring();
    STARTUPINFOW start{};
    start.cb = sizeof start;
    PROCESS_INFORMATION process{};
    REQUIRE(::CreateProcessW(L"Z:\\bin\\ln", command.data(), nullptr, nullptr, FALSE, 0, nullptr,
                             link.parent_path().c_str(), &start, &process) != 0);
    ::CloseHandle(process.hThread);
    ::CloseHandle(process.hProcess);
    // Such a program can't be waited for, but what it does can.
    for (int i = 0; i < 1000 && !fs::exists(link); ++i) ::Sleep(10);
    REQUIRE(fs::exists(link));
}

// A security descriptor's access list in Microsoft's notation (SDDL), for a file that exists.
void set_access(const fs::path& file, const wchar_t* sddl) {
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    REQUIRE(::ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &descriptor,
                                                                   nullptr) != 0);
    const BOOL done = ::SetFileSecurityW(file.c_str(), DACL_SECURITY_INFORMATION, descriptor);
    ::LocalFree(descriptor);
    REQUIRE(done != 0);
}

class OpenHandle {
  public:
    explicit OpenHandle(HANDLE handle) : handle_(handle) {}
    ~OpenHandle() {
        if (handle_ != INVALID_HANDLE_VALUE) ::CloseHandle(handle_);
    }
    OpenHandle(const OpenHandle&) = delete;
    OpenHandle& operator=(const OpenHandle&) = delete;
    HANDLE get() const { return handle_; }

  private:
    HANDLE handle_;
};

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

}  // namespace

TEST_CASE("a device's name and a second spelling of a name are refused") {
    const PluginFolder folder;
    for (const char* name : {"nul.dll", "CON.dll", "com1.dll", "lpt9.x.dll", "aux"}) {
        CAPTURE(name);
        CHECK_THAT(refusal(folder.path() / name), Contains("reserved name"));
    }
    const auto file = folder.add("named", good_bytes());
    for (const char* name : {"named.dll.", "named.dll ", "named.dll::$DATA", "named.dll:other"}) {
        CAPTURE(name);
        CHECK_THAT(refusal(folder.path() / name), Contains("reads as another one"));
    }
    CHECK_THAT(refusal(folder.path() / "NAMED.dll"), Contains("that its manifest names"));
    CHECK(refusal(file) == "");
}

TEST_CASE("a file that is missing is refused in the words of the system") {
    const PluginFolder folder;
    CHECK_THAT(refusal(folder.path() / "nothing.dll"), Contains("Windows error 2)"));
}

TEST_CASE("a link out of the folder is refused, one inside it is followed") {
    const PluginFolder folder;
    const PluginFolder outside;
    const auto real = outside.add("linked", good_bytes());
    const auto link = folder.add("linked", good_bytes());
    fs::remove(link);
    make_link("../" + outside.path().filename().string() + "/linked.dll", link);
    CHECK_THAT(refusal(link), Contains("a link that leads to"));

    const auto inner = folder.add("inner", good_bytes());
    fs::rename(inner, folder.path() / "inner-1.0.dll");
    make_link("inner-1.0.dll", inner);
    CHECK(refusal(inner) == "");
}

TEST_CASE("a file that others can change is refused") {
    const PluginFolder folder;
    const auto file = folder.add("open", good_bytes());
    // Owner and SYSTEM everything, Everyone what the third says.
    set_access(file, L"D:P(A;;FA;;;SY)(A;;FA;;;OW)(A;;FRFW;;;WD)");
    CHECK_THAT(refusal(file), Contains("only its owner can change") && Contains("S-1-1-0"));
    set_access(file, L"D:P(A;;FA;;;SY)(A;;FA;;;OW)(A;;FRFX;;;WD)");
    CHECK(refusal(file) == "");
}

TEST_CASE("a manifest or a folder that others can change is refused") {
    const PluginFolder folder;
    const auto file = folder.add("shared", good_bytes());
    set_access(folder.path() / "shared.json", L"D:P(A;;FA;;;SY)(A;;FA;;;OW)(A;;FRFW;;;WD)");
    CHECK_THAT(refusal(file), Contains("a manifest that only its owner can change"));
    set_access(folder.path() / "shared.json", L"D:P(A;;FA;;;SY)(A;;FA;;;OW)(A;;FR;;;WD)");
    set_access(folder.path(), L"D:P(A;;FA;;;SY)(A;;FA;;;OW)(A;;FRFWFX;;;WD)");
    CHECK_THAT(refusal(file), Contains("a folder that only its owner can change"));
    set_access(folder.path(), L"D:P(A;;FA;;;SY)(A;;FA;;;OW)");
    CHECK(refusal(file) == "");
}

TEST_CASE("a file that a program is still writing is refused") {
    const PluginFolder folder;
    const auto file = folder.add("busy", good_bytes());
    const OpenHandle writer(
        ::CreateFileW(file.c_str(), GENERIC_WRITE, kShareAll, nullptr, OPEN_EXISTING, 0, nullptr));
    REQUIRE(writer.get() != INVALID_HANDLE_VALUE);
    CHECK_THAT(refusal(file), Contains("not open in another program"));
}

TEST_CASE("what is loaded can't be written, replaced or moved away any more") {
    const PluginFolder folder;
    const auto file = folder.add("pinned", good_bytes());
    REQUIRE(refusal(file) == "");
    const OpenHandle writer(
        ::CreateFileW(file.c_str(), GENERIC_WRITE, kShareAll, nullptr, OPEN_EXISTING, 0, nullptr));
    CHECK(writer.get() == INVALID_HANDLE_VALUE);
    CHECK(::DeleteFileW(file.c_str()) == 0);
    CHECK(::MoveFileW(file.c_str(), (folder.path() / "away.dll").c_str()) == 0);
    const auto other = folder.write("other.dll", good_bytes() + " ");
    CHECK(::MoveFileExW(other.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING) == 0);
    CHECK(read_text(file) == good_bytes());
}

TEST_CASE("a module is found under a name that no code page has") {
    const PluginFolder folder;
    const fs::path inner = folder.path() / fs::path(u8"vtičniki žšč 中文");
    fs::create_directory(inner);
    const auto file = folder.add("moved", good_bytes());
    fs::rename(file, inner / "moved.dll");
    fs::rename(folder.path() / "moved.json", inner / "moved.json");
    CHECK(refusal(inner / "moved.dll") == "");
}

TEST_CASE("a library of another system or machine is refused") {
    const PluginFolder folder;
    CHECK_THAT(refusal(folder.add("elf",
                                  "\x7f"
                                  "ELF" +
                                      std::string(9000, 'x'))),
               Contains("a Windows DLL"));
    std::string bytes = good_bytes();
    const auto machine_at = static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(0x3C))) + 4;
    bytes.at(machine_at) = 0x64;
    bytes.at(machine_at + 1) = static_cast<char>(0xAA);
    CHECK_THAT(refusal(folder.add("arm", bytes)), Contains("ARM64"));
}
