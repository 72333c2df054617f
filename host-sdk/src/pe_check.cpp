#include "pe_check.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image_reader.hpp"
#include "pe_format.hpp"
#include "refuse.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEntry = "crm_module_entry";
constexpr const char* kPutConnector = "Put a CRM connector's module file here";
// No library comes near them; they bound the time that a crafted one takes.
constexpr std::uint32_t kMostExports = 65536;
constexpr std::size_t kLongestName = 4096;
constexpr const char* kPutDll = "Put the module's .dll file here, not a text, an archive or a download page";

std::string machine_name(unsigned machine) {
    switch (machine) {
        case 0x8664:
            return "x86-64";
        case 0xAA64:
            return "ARM64";
        case 0x014C:
            return "x86 (32 bit)";
        case 0x01C4:
            return "ARM (32 bit)";
        case 0x5064:
            return "RISC-V 64";
        default:
            return "PE machine " + std::to_string(machine);
    }
}

class PeImage {
  public:
    PeImage(const fs::path& file, std::span<const std::byte> bytes) : file_(file), reader_(file, bytes) {}

    PeFacts read() {
        check_file_header();
        check_optional_header();
        check_sections();
        check_tail();
        read_exports();
        return std::move(facts_);
    }

  private:
    void check_file_header() {
        if (!reader_.holds(0, 64) || reader_.at<std::uint16_t>(0, "the header") != pe::kDosMagic) {
            refuse(file_, "a Windows DLL", "another kind of file", kPutDll);
        }
        const auto signature = reader_.at<std::uint32_t>(pe::kSignatureOffsetAt, "the header");
        if (reader_.at<std::uint32_t>(signature, "the PE header") != pe::kSignature) {
            refuse(file_, "a Windows DLL", "a program for DOS or 16-bit Windows", kPutDll);
        }
        header_ = reader_.at<pe::FileHeader>(std::uint64_t{signature} + 4, "the PE header");
        optional_at_ = std::uint64_t{signature} + 4 + sizeof(pe::FileHeader);
        if (header_.machine != kPeMachine) {
            refuse(file_, "a module for " + machine_name(kPeMachine),
                   "one for " + machine_name(header_.machine), kGetRightModule);
        }
        const unsigned wanted = pe::kDll | pe::kExecutableImage;
        if ((header_.characteristics & wanted) != wanted) {
            refuse(file_, "a DLL", "a program, an object file or a driver", "Put the linked .dll here");
        }
    }

    void check_optional_header() {
        constexpr std::uint16_t kWanted = sizeof(void*) == 8 ? pe::kMagic64 : pe::kMagic32;
        const auto magic = reader_.at<std::uint16_t>(optional_at_, "the optional header");
        if (magic != kWanted) {
            refuse(file_, kWanted == pe::kMagic64 ? "a 64-bit module" : "a 32-bit module",
                   "optional header " + std::to_string(magic), kGetRightModule);
        }
        size_of_image_ = reader_.at<std::uint32_t>(optional_at_ + pe::kSizeOfImageAt, "the optional header");
        const auto headers =
            reader_.at<std::uint32_t>(optional_at_ + pe::kSizeOfHeadersAt, "the optional header");
        if (!reader_.holds(0, headers)) reader_.cut_short("the headers", headers);
        const std::uint64_t count_at = optional_at_ + pe::number_of_directories_at(magic);
        directory_count_ = reader_.at<std::uint32_t>(count_at, "the optional header");
        directories_at_ = count_at + sizeof(std::uint32_t);
        const std::uint64_t directories_end =
            directories_at_ + std::uint64_t{directory_count_} * sizeof(pe::Directory);
        if (directories_end > optional_at_ + header_.size_of_optional_header) {
            refuse(file_, "an optional header that holds its directories",
                   std::to_string(directory_count_) + " directories in " +
                       std::to_string(header_.size_of_optional_header) + " bytes",
                   kGetWholeModule);
        }
        const auto flags =
            reader_.at<std::uint16_t>(optional_at_ + pe::kDllCharacteristicsAt, "the optional header");
        facts_.executable_data = (flags & pe::kNxCompatible) == 0;
        facts_.delays_imports = directory(pe::kDelayImportDirectory).size != 0;
        if (directory(pe::kClrDirectory).size != 0) {
            refuse(file_, "a module of machine code", "a .NET assembly", "Get the native module");
        }
    }

    void check_sections() {
        if (header_.number_of_sections == 0) refuse(file_, "sections", "none", kGetWholeModule);
        const std::uint64_t table = optional_at_ + header_.size_of_optional_header;
        for (unsigned i = 0; i < header_.number_of_sections; ++i) {
            const std::string name = "section header " + std::to_string(i);
            const auto section =
                reader_.at<pe::Section>(table + std::uint64_t{i} * sizeof(pe::Section), name);
            if (!reader_.holds(section.pointer_to_raw_data, section.size_of_raw_data)) {
                reader_.cut_short("the section of " + name,
                                  std::uint64_t{section.pointer_to_raw_data} + section.size_of_raw_data);
            }
            if (std::uint64_t{section.virtual_address} + section.virtual_size > size_of_image_) {
                refuse(file_, name + " inside the image of " + std::to_string(size_of_image_) + " bytes",
                       "one that ends beyond it", kGetWholeModule);
            }
            constexpr std::uint32_t kBoth = pe::kSectionExecutes | pe::kSectionWrites;
            facts_.writable_code = facts_.writable_code || (section.characteristics & kBoth) == kBoth;
            sections_.push_back(section);
        }
    }

    // What lies behind the sections: a signed module's certificates, an unstripped one's symbols.
    void check_tail() const {
        const pe::Directory certificates = directory(pe::kCertificateDirectory);
        if (!reader_.holds(certificates.address, certificates.size)) {
            reader_.cut_short("the certificates", std::uint64_t{certificates.address} + certificates.size);
        }
        if (header_.pointer_to_symbol_table == 0) return;
        const std::uint64_t strings =
            header_.pointer_to_symbol_table + std::uint64_t{header_.number_of_symbols} * pe::kSymbolSize;
        const auto strings_size = reader_.at<std::uint32_t>(strings, "the symbols");
        if (!reader_.holds(strings, strings_size)) {
            reader_.cut_short("the symbols", strings + strings_size);
        }
    }

    void read_exports() {
        const pe::Directory where = directory(pe::kExportDirectory);
        if (where.size == 0) return;
        const auto table = at_address<pe::Exports>(where.address, "the export table");
        if (table.number_of_functions > kMostExports || table.number_of_names > kMostExports) {
            refuse(file_, "at most " + std::to_string(kMostExports) + " exports",
                   std::to_string(std::max(table.number_of_functions, table.number_of_names)), kPutConnector);
        }
        for (std::uint64_t i = 0; i < table.number_of_functions; ++i) {
            const auto address =
                at_address<std::uint32_t>(table.address_of_functions + 4 * i, "the export table");
            const pe::Section* const code = section_of(address);
            // What lies elsewhere is data, or the name of another DLL's function.
            facts_.exports.push_back(
                {"", code != nullptr && (code->characteristics & pe::kSectionExecutes) != 0});
        }
        for (std::uint64_t i = 0; i < table.number_of_names; ++i) {
            const auto number =
                at_address<std::uint16_t>(table.address_of_name_ordinals + 2 * i, "the export table");
            const auto name = at_address<std::uint32_t>(table.address_of_names + 4 * i, "the export table");
            if (number >= facts_.exports.size()) {
                refuse(file_, "names of exported functions", "one of none of them", kGetWholeModule);
            }
            facts_.exports[number].name = text_at(name);
        }
    }

    std::string text_at(std::uint64_t address) const {
        std::string text;
        while (text.size() < kLongestName) {
            const char c = at_address<char>(address + text.size(), "an exported name");
            if (c == '\0') return text;
            text.push_back(c);
        }
        refuse(file_, "exported names of at most " + std::to_string(kLongestName) + " bytes", "a longer one",
               kPutConnector);
    }

    pe::Directory directory(std::uint32_t index) const {
        if (index >= directory_count_) return {};
        return reader_.at<pe::Directory>(directories_at_ + std::uint64_t{index} * sizeof(pe::Directory),
                                         "the optional header");
    }

    const pe::Section* section_of(std::uint64_t address) const {
        const auto found = std::ranges::find_if(sections_, [address](const pe::Section& section) {
            return address >= section.virtual_address &&
                   address - section.virtual_address < section.size_of_raw_data;
        });
        return found == sections_.end() ? nullptr : &*found;
    }

    // What will be at `address` of the image once it is mapped.
    template <class Record>
    Record at_address(std::uint64_t address, const std::string& what) const {
        const pe::Section* const section = section_of(address);
        if (section == nullptr) refuse(file_, what + " inside a section", "none there", kGetWholeModule);
        return reader_.at<Record>(section->pointer_to_raw_data + (address - section->virtual_address), what);
    }

    const fs::path& file_;
    ImageReader reader_;
    pe::FileHeader header_{};
    std::uint64_t optional_at_ = 0;
    std::uint64_t directories_at_ = 0;
    std::uint32_t directory_count_ = 0;
    std::uint32_t size_of_image_ = 0;
    std::vector<pe::Section> sections_;
    PeFacts facts_;
};

}  // namespace

PeFacts read_pe(const fs::path& file, std::span<const std::byte> bytes) {
    return PeImage(file, bytes).read();
}

void check_pe(const fs::path& file, std::span<const std::byte> bytes) {
    const std::vector<PeFacts::Export> exports = read_pe(file, bytes).exports;
    if (exports.size() == 1 && exports.front().name == kEntry && exports.front().function) return;
    refuse(file, "a connector module, which exports crm_module_entry and nothing else",
           exports.empty()                  ? "a library that exports nothing"
           : exports.size() > 1             ? "a library with " + std::to_string(exports.size()) + " exports"
           : exports.front().name == kEntry ? "an entry that is not code of this module"
                                            : "a library that exports something else",
           kPutConnector);
}

}  // namespace crm::detail
