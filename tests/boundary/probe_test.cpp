// The probe through the SDK; what it says of bad modules is in tests/http/host_refusals.cpp, by a whole host.
#include <catch2/catch.hpp>
#include <csignal>
#include <string>

#include "fixtures.hpp"
#include "memory_host.hpp"

namespace {

using Catch::Contains;

crm::LoadOptions probing() {
    crm::LoadOptions options;
    options.allow_unsigned = true;
    return options;
}

std::string failure_of(const std::filesystem::path& file, const crm::LoadOptions& options, crm_result code) {
    try {
        crm::check_module_file(file, options);
    } catch (const crm::Error& failure) {
        CHECK(failure.code() == code);
        return failure.what();
    }
    return "";
}

// Where the temporary files of this process and its children go while it lives.
class OwnTemporaryFolder {
  public:
    OwnTemporaryFolder() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
    ~OwnTemporaryFolder() { ::unsetenv("TMPDIR"); }
    OwnTemporaryFolder(const OwnTemporaryFolder&) = delete;
    OwnTemporaryFolder& operator=(const OwnTemporaryFolder&) = delete;
    bool empty() const { return std::filesystem::is_empty(folder_.path()); }

  private:
    PluginFolder folder_;
};

}  // namespace

TEST_CASE("probe: a good module passes, is loaded afterwards, and leaves nothing behind") {
    const PluginFolder folder;
    const OwnTemporaryFolder temporary;
    for (const auto& built : fixture_modules()) {
        CAPTURE(built);
        CHECK(failure_of(folder.add("fixture", read_text(built)), probing(), CRM_INVALID).empty());
    }
    MemoryHost host;
    const auto file = folder.add("fixture", read_text(fixture_modules().front()));
    const auto connector = crm::load_connector(file, host, probing());
    CHECK_FALSE(connector->describe().empty());
    CHECK(temporary.empty());
}

TEST_CASE("probe: without its program nothing is loaded, unless the caller says so") {
    const auto file = fixture_modules().front();
    crm::LoadOptions options = probing();
    options.probe = "/nowhere/crm-module-probe";
    CHECK_THAT(failure_of(file, options, CRM_INTERNAL), Contains("/nowhere/crm-module-probe"));
    options.without_probe = true;
    CHECK(failure_of(file, options, CRM_INVALID).empty());
}

TEST_CASE("probe: another program in its place is no verdict") {
    crm::LoadOptions options = probing();
    options.probe = "/bin/true";
    CHECK_THAT(failure_of(fixture_modules().front(), options, CRM_INVALID), Contains("ended the process"));
}

TEST_CASE("unsigned modules are refused unless they are allowed") {
    crm::LoadOptions options = probing();
    options.allow_unsigned = false;
    CHECK_THAT(failure_of(fixture_modules().front(), options, CRM_INVALID), Contains("an unsigned one"));
}

TEST_CASE("probe: a host that blocks or ignores signals gets the same verdicts") {
    const PluginFolder folder;
    const auto bad = folder.add("bad-magic", read_text(kFixtures / "bad-magic.so"));
    const auto good = folder.add("fixture", read_text(fixture_modules().front()));
    struct sigaction earlier {};
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &earlier);
    sigset_t all;
    sigset_t old;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &old);
    const std::string text = failure_of(bad, probing(), CRM_INVALID);
    const std::string none = failure_of(good, probing(), CRM_INVALID);
    ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
    ::sigaction(SIGPIPE, &earlier, nullptr);
    CHECK_THAT(text, Contains("magic number"));
    CHECK(none.empty());
}
