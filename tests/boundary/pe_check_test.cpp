// What a Windows DLL's headers may claim. The check reads bytes only, so it is tested on every system.
#include "pe_check.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <random>
#include <string>

#include "crm/error.hpp"
#include "pe_format.hpp"

namespace pe = crm::detail::pe;
using Catch::Contains;

namespace {

// A DLL of two sections, small enough to cut at every byte: code, and the table of its one export.
struct Dll {
    static constexpr std::uint32_t kHeaders = 0x200;
    static constexpr std::uint32_t kCode = 0x1000;
    static constexpr std::uint32_t kTable = 0x2000;
    static constexpr std::uint32_t kFunctionsAt = kTable + sizeof(pe::Exports);
    static constexpr std::uint32_t kNamesAt = kFunctionsAt + 8;
    static constexpr std::uint32_t kNumbersAt = kNamesAt + 8;
    static constexpr std::uint32_t kNameAt = kNumbersAt + 4;

    pe::FileHeader header{.machine = crm::detail::kPeMachine,
                          .number_of_sections = 2,
                          .size_of_optional_header = 240,
                          .characteristics = pe::kDll | pe::kExecutableImage};
    std::uint16_t magic = sizeof(void*) == 8 ? pe::kMagic64 : pe::kMagic32;
    std::uint32_t directory_count = 16;
    std::uint32_t image_size = 0x3000;
    pe::Directory clr{};
    pe::Directory certificates{};
    pe::Directory export_directory{.address = kTable, .size = 0x100};
    pe::Section code{.virtual_size = 0x200,
                     .virtual_address = kCode,
                     .size_of_raw_data = 0x200,
                     .pointer_to_raw_data = 0x200,
                     .characteristics = pe::kSectionExecutes};
    pe::Section table{.virtual_size = 0x200,
                      .virtual_address = kTable,
                      .size_of_raw_data = 0x200,
                      .pointer_to_raw_data = 0x400};
    pe::Exports exports{.number_of_functions = 1,
                        .number_of_names = 1,
                        .address_of_functions = kFunctionsAt,
                        .address_of_names = kNamesAt,
                        .address_of_name_ordinals = kNumbersAt};
    std::uint32_t function = kCode;
    std::string name = "crm_module_entry";

    std::string bytes() const {
        std::string file(0x600, '\0');
        const auto put = [&file](std::uint64_t at, const auto& value) {
            std::memcpy(file.data() + at, &value, sizeof(value));
        };
        constexpr std::uint32_t kSignatureAt = 0x40;
        constexpr std::uint64_t kOptionalAt = kSignatureAt + 4 + sizeof(pe::FileHeader);
        put(0, pe::kDosMagic);
        put(pe::kSignatureOffsetAt, kSignatureAt);
        put(kSignatureAt, pe::kSignature);
        put(kSignatureAt + 4, header);
        put(kOptionalAt, magic);
        put(kOptionalAt + pe::kSizeOfImageAt, image_size);
        put(kOptionalAt + pe::kSizeOfHeadersAt, kHeaders);
        const std::uint64_t count_at = kOptionalAt + pe::number_of_directories_at(magic);
        put(count_at, directory_count);
        const auto directory_at = [&](std::uint32_t index) {
            return count_at + 4 + index * sizeof(pe::Directory);
        };
        put(directory_at(pe::kExportDirectory), export_directory);
        put(directory_at(pe::kCertificateDirectory), certificates);
        put(directory_at(pe::kClrDirectory), clr);
        put(kOptionalAt + 240, code);
        put(kOptionalAt + 240 + sizeof(pe::Section), table);
        const auto in_table = [](std::uint32_t address) { return 0x400 + address - kTable; };
        put(0x400, exports);
        put(in_table(kFunctionsAt), function);
        put(in_table(kFunctionsAt) + 4, kCode);
        put(in_table(kNamesAt), kNameAt);
        put(in_table(kNamesAt) + 4, kNameAt);
        put(in_table(kNumbersAt) + 2, std::uint16_t{1});
        std::memcpy(file.data() + in_table(kNameAt), name.c_str(), name.size() + 1);
        return file;
    }
};

std::string reason(const std::string& bytes) {
    try {
        crm::detail::check_pe("module.dll", std::as_bytes(std::span(bytes)));
    } catch (const crm::Error& failure) {
        return failure.code() == CRM_INVALID ? failure.what() : "wrong code: " + std::string(failure.what());
    }
    return "";
}

std::string reason_after(const std::function<void(Dll&)>& change) {
    Dll dll;
    change(dll);
    return reason(dll.bytes());
}

}  // namespace

TEST_CASE("PE: a DLL that exports the entry passes, and cut at any byte it does not") {
    const std::string bytes = Dll{}.bytes();
    CHECK(reason(bytes) == "");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK_THAT(reason(bytes.substr(0, length)),
                   length < 64 ? Contains("a Windows DLL") : Contains("cut short"));
    }
}

TEST_CASE("PE: another kind of file is named as such") {
    CHECK_THAT(reason(std::string(9000, 'x')), Contains("a Windows DLL"));
    CHECK_THAT(reason("MZ" + std::string(9000, '\0')), Contains("DOS"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.machine = 0x5064; }), Contains("RISC-V"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.machine = 0x1234; }), Contains("PE machine 4660"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.characteristics = pe::kExecutableImage; }),
               Contains("a program"));
    CHECK_THAT(
        reason_after([](Dll& dll) { dll.magic = dll.magic == pe::kMagic64 ? pe::kMagic32 : pe::kMagic64; }),
        Contains("-bit module"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.clr = {.address = Dll::kTable, .size = 72}; }),
               Contains(".NET"));
}

TEST_CASE("PE: tables that do not fit are refused") {
    CHECK_THAT(reason_after([](Dll& dll) { dll.directory_count = 17; }), Contains("17 directories"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.directory_count = 0xFFFFFFFF; }), Contains("directories"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.number_of_sections = 0; }), Contains("sections"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.number_of_sections = 0xFFFF; }), Contains("cut short"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.code.pointer_to_raw_data = 0xFFFFFFFF; }),
               Contains("cut short"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.table.virtual_size = 0xFFFFFFFF; }), Contains("beyond it"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.certificates = {.address = 0x600, .size = 1}; }),
               Contains("certificates"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.header.pointer_to_symbol_table = 0x5FF; }),
               Contains("symbols"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.export_directory.address = 0x500; }),
               Contains("inside a section"));
}

TEST_CASE("PE: a library that exports anything but the entry is no connector") {
    CHECK_THAT(reason_after([](Dll& dll) { dll.export_directory = {}; }), Contains("exports nothing"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.directory_count = 0; }), Contains("exports nothing"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.exports.number_of_names = 2; }), Contains("none of them"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.exports.number_of_functions = 2; }), Contains("2 exports"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.exports.number_of_functions = 0xFFFFFFFF; }),
               Contains("at most 65536 exports"));
    CHECK_THAT(reason_after([](Dll& dll) {
                   dll.exports.number_of_functions = 2;
                   dll.exports.number_of_names = 2;
               }),
               Contains("2 exports"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.name = "crm_module_entry2"; }), Contains("something else"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.name = "crm_module"; }), Contains("something else"));
    // An address inside the table itself forwards the call to another DLL.
    CHECK_THAT(reason_after([](Dll& dll) { dll.function = Dll::kNameAt; }), Contains("not code"));
    CHECK_THAT(reason_after([](Dll& dll) { dll.function = 0; }), Contains("not code"));
}

TEST_CASE("PE: damaged headers are refused or pass, but never read beyond the file") {
    const std::string bytes = Dll{}.bytes();
    std::mt19937 random(7);
    for (int i = 0; i < 20'000; ++i) {
        std::string damaged = bytes;
        for (int k = 0; k < 4; ++k) damaged.at(random() % damaged.size()) = static_cast<char>(random());
        CHECK_THAT(reason(damaged), !Contains("wrong code"));
    }
}
