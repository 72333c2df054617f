// The parts of Microsoft's "PE Format" that a module file is judged by, under that document's names. All of
// it is little-endian and naturally aligned, which is what makes plain structures fit.
#pragma once

#include <array>
#include <cstdint>

namespace crm::detail::pe {

inline constexpr std::uint16_t kDosMagic = 0x5A4D;         // "MZ"
inline constexpr std::uint32_t kSignature = 0x00004550;    // "PE", 0, 0
inline constexpr std::uint64_t kSignatureOffsetAt = 0x3C;  // where the DOS header says where that is

inline constexpr std::uint16_t kExecutableImage = 0x0002;
inline constexpr std::uint16_t kDll = 0x2000;

struct FileHeader {
    std::uint16_t machine = 0;
    std::uint16_t number_of_sections = 0;
    std::uint32_t time_date_stamp = 0;
    std::uint32_t pointer_to_symbol_table = 0;
    std::uint32_t number_of_symbols = 0;
    std::uint16_t size_of_optional_header = 0;
    std::uint16_t characteristics = 0;
};
static_assert(sizeof(FileHeader) == 20);

inline constexpr std::uint16_t kMagic32 = 0x010B;
inline constexpr std::uint16_t kMagic64 = 0x020B;

// What PE32 and PE32+ have in common lies at the same offsets, but for the number of directories.
inline constexpr std::uint64_t kSizeOfImageAt = 56;
inline constexpr std::uint64_t kSizeOfHeadersAt = 60;
inline constexpr std::uint64_t kDllCharacteristicsAt = 70;
inline constexpr std::uint16_t kNxCompatible = 0x0100;
constexpr std::uint64_t number_of_directories_at(std::uint16_t magic) {
    return magic == kMagic64 ? 108 : 92;
}

struct Directory {
    std::uint32_t address = 0;  // relative to the image, but a file offset for the certificates
    std::uint32_t size = 0;
};
static_assert(sizeof(Directory) == 8);

inline constexpr std::uint32_t kExportDirectory = 0;
inline constexpr std::uint32_t kCertificateDirectory = 4;
inline constexpr std::uint32_t kDelayImportDirectory = 13;
inline constexpr std::uint32_t kClrDirectory = 14;

struct Section {
    std::array<char, 8> name{};
    std::uint32_t virtual_size = 0;
    std::uint32_t virtual_address = 0;
    std::uint32_t size_of_raw_data = 0;
    std::uint32_t pointer_to_raw_data = 0;
    std::uint32_t pointer_to_relocations = 0;
    std::uint32_t pointer_to_linenumbers = 0;
    std::uint16_t number_of_relocations = 0;
    std::uint16_t number_of_linenumbers = 0;
    std::uint32_t characteristics = 0;
};
static_assert(sizeof(Section) == 40);

inline constexpr std::uint32_t kSectionExecutes = 0x20000000;
inline constexpr std::uint32_t kSectionWrites = 0x80000000;

struct Exports {
    std::uint32_t flags = 0;
    std::uint32_t time_date_stamp = 0;
    std::uint16_t major_version = 0;
    std::uint16_t minor_version = 0;
    std::uint32_t name = 0;
    std::uint32_t ordinal_base = 0;
    std::uint32_t number_of_functions = 0;
    std::uint32_t number_of_names = 0;
    std::uint32_t address_of_functions = 0;
    std::uint32_t address_of_names = 0;
    std::uint32_t address_of_name_ordinals = 0;
};
static_assert(sizeof(Exports) == 40);

inline constexpr std::uint64_t kSymbolSize = 18;

}  // namespace crm::detail::pe
