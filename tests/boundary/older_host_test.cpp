// Hosts that offer less than this version knows: fewer services, shorter tables. The module side is compiled
// into this test, since only its own tables matter here.
#include <catch2/catch.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "crm/detail/host_proxy.hpp"

namespace {

// A host written in C, so to speak: it offers exactly the tables it was given.
struct BareHost {
    crm_log log{sizeof(crm_log), 0, nullptr, [](void*, std::uint32_t, const char*, std::uint64_t) {}};
    crm_clock clock{sizeof(crm_clock), 0, nullptr, [](void*) { return std::int64_t{1}; },
                    [](void*) { return std::int64_t{2}; }};
    crm_settings settings{
        sizeof(crm_settings), 0, nullptr,
        [](void*, const crm_sink* json, const crm_sink*) { return json->write(json->ctx, "{}", 2); },
        [](void*, const char*, std::uint64_t, const crm_sink*) { return crm_result{99}; }};
    crm_records records{
        sizeof(crm_records),
        0,
        nullptr,
        [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink*) { return CRM_TRANSIENT; },
        [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink* error) {
            const std::string text = std::string(20'000, 'x') + "ž";
            for (int i = 0; i < 3; ++i) error->write(error->ctx, text.data(), text.size());
            return CRM_INVALID;
        },
        nullptr};
    crm_keys keys{static_cast<std::uint32_t>(offsetof(crm_keys, unwrap)), 0, nullptr,
                  [](void*, const char* key, std::uint64_t size, const crm_sink* wrapped, const crm_sink*) {
                      return wrapped->write(wrapped->ctx, key, size);
                  },
                  [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink*) -> crm_result {
                      FAIL("a member beyond the table's end was called");
                      return CRM_INTERNAL;
                  }};
    std::map<std::string, const void*, std::less<>> offered{{CRM_SERVICE_LOG, &log},
                                                            {CRM_SERVICE_CLOCK, &clock},
                                                            {CRM_SERVICE_SETTINGS, &settings},
                                                            {CRM_SERVICE_RECORDS, &records}};
    crm_host table{sizeof(crm_host), 0, this,
                   [](void* ctx, const char* name, std::uint64_t size) -> const void* {
                       const auto& all = static_cast<BareHost*>(ctx)->offered;
                       const auto found = all.find(std::string_view(name, size));
                       return found == all.end() ? nullptr : found->second;
                   }};
};

crm_result code_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const crm::Error& failure) {
        return failure.code();
    }
    return CRM_OK;
}

}  // namespace

TEST_CASE("a host with the mandatory services only is enough") {
    BareHost bare;
    crm::detail::HostProxy host(&bare.table);
    CHECK(host.now() == 1);
    CHECK(host.monotonic() == 2);
    CHECK(host.settings() == "{}");
    CHECK(code_of([&] { host.wrap_key("k"); }) == CRM_UNSUPPORTED);
    CHECK(code_of([&] { host.unwrap_key("k"); }) == CRM_UNSUPPORTED);
    CHECK(code_of([&] { host.directory(); }) == CRM_UNSUPPORTED);
    CHECK_THROWS_WITH(host.directory(), Catch::Contains(CRM_SERVICE_FILES));
    host.notify("{}");  // ignored
    host.wake();
    CHECK(host.threads_allowed() == 0);
}

TEST_CASE("a host without a mandatory service, or with too short a table of it, is told which one") {
    for (const char* service :
         {CRM_SERVICE_LOG, CRM_SERVICE_CLOCK, CRM_SERVICE_SETTINGS, CRM_SERVICE_RECORDS}) {
        BareHost bare;
        bare.offered.erase(service);
        CHECK_THROWS_WITH(crm::detail::HostProxy(&bare.table), Catch::Contains(service));
        CHECK(code_of([&] { crm::detail::HostProxy(&bare.table); }) == CRM_UNSUPPORTED);
    }
    BareHost bare;
    bare.records.struct_size = offsetof(crm_records, upsert);
    CHECK_THROWS_WITH(crm::detail::HostProxy(&bare.table), Catch::Contains(CRM_SERVICE_RECORDS));
    CHECK(code_of([] { crm::detail::HostProxy(nullptr); }) == CRM_INVALID);
}

TEST_CASE("members beyond a table's end are not used, those before it are") {
    BareHost bare;
    bare.offered[CRM_SERVICE_KEYS] = &bare.keys;
    crm::detail::HostProxy host(&bare.table);
    CHECK(host.wrap_key("k") == "k");
    CHECK(code_of([&] { host.unwrap_key("k"); }) == CRM_UNSUPPORTED);
}

TEST_CASE("a host without a change feed is told apart, however it says so") {
    BareHost bare;
    const auto ask = [&bare] {
        return code_of([&] { crm::detail::HostProxy(&bare.table).changed_records("{}"); });
    };
    CHECK(ask() == CRM_UNSUPPORTED);  // a NULL member
    bare.records.changes = [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink*) {
        return CRM_UNSUPPORTED;
    };
    CHECK(ask() == CRM_UNSUPPORTED);
    bare.records.changes = [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink*) {
        return CRM_CONFLICT;
    };
    CHECK(ask() == CRM_CONFLICT);
    bare.records.struct_size = offsetof(crm_records, changes);  // a host from before it
    CHECK(ask() == CRM_UNSUPPORTED);
    bare.records.struct_size = sizeof(crm_records) - 1;
    CHECK(ask() == CRM_UNSUPPORTED);
}

TEST_CASE("unknown codes, missing texts and endless texts are survived") {
    BareHost bare;
    crm::detail::HostProxy host(&bare.table);
    CHECK(code_of([&] { host.put_settings("{}"); }) == CRM_INTERNAL);
    CHECK_THROWS_WITH(host.query_records("{}"), Catch::Contains("gave no reason"));
    try {
        host.upsert_records("{}");
        FAIL("no error");
    } catch (const crm::Error& failure) {
        CHECK(std::string(failure.what()).size() == crm::detail::kMaxErrorText);
    }
}

TEST_CASE("a cut text ends with a whole character") {
    for (std::size_t limit = 0; limit < 12; ++limit) {
        crm::detail::TextSink sink(limit, crm::detail::TextSink::Overflow::kCut);
        const std::string text = "až€𝄞";  // characters of 1, 2, 3 and 4 bytes
        CHECK(sink.get()->write(sink.get()->ctx, text.data(), text.size()) == CRM_OK);
        const std::size_t expected = limit >= 10 ? 10 : limit >= 6 ? 6 : limit >= 3 ? 3 : limit >= 1 ? 1 : 0;
        CHECK(sink.text() == text.substr(0, expected));
    }
}
