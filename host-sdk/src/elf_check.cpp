#include "elf_check.hpp"

#include <elf.h>
#include <link.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "image_reader.hpp"
#include "refuse.hpp"

namespace crm::detail {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);

constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char kData = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

// The machine this very program was built for.
#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#elif defined(__i386__)
constexpr unsigned kMachine = EM_386;
#elif defined(__arm__)
constexpr unsigned kMachine = EM_ARM;
#elif defined(__riscv)
constexpr unsigned kMachine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr unsigned kMachine = EM_PPC64;
#elif defined(__s390x__)
constexpr unsigned kMachine = EM_S390;
#else
#error "name this machine's ELF number here"
#endif

std::string machine_name(unsigned machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_AARCH64:
            return "AArch64";
        case EM_386:
            return "x86 (32 bit)";
        case EM_ARM:
            return "ARM (32 bit)";
        case EM_RISCV:
            return "RISC-V";
        case EM_PPC64:
            return "PowerPC 64";
        case EM_S390:
            return "IBM Z";
        default:
            return "ELF machine " + std::to_string(machine);
    }
}

Header check_header(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(Header) || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
        refuse(file, "an ELF shared object", "another kind of file",
               "Put the module's .so file here, not a text, an archive or a download page");
    }
    Header header;
    std::memcpy(&header, bytes.data(), sizeof(Header));
    if (header.e_ident[EI_CLASS] != kClass) {
        refuse(file, kClass == ELFCLASS64 ? "a 64-bit module" : "a 32-bit module",
               "ELF class " + std::to_string(header.e_ident[EI_CLASS]), kGetRightModule);
    }
    if (header.e_ident[EI_DATA] != kData) {
        refuse(file, "this machine's byte order",
               "ELF data encoding " + std::to_string(header.e_ident[EI_DATA]), kGetRightModule);
    }
    if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
        refuse(file, "version 1 of the ELF format",
               "versions " + std::to_string(header.e_ident[EI_VERSION]) + " and " +
                   std::to_string(header.e_version) + " in its header",
               kGetWholeModule);
    }
    // The two that Linux' loaders take; GNU is what a module with unique or indirect symbols is marked with.
    if (header.e_ident[EI_OSABI] != ELFOSABI_SYSV && header.e_ident[EI_OSABI] != ELFOSABI_GNU) {
        refuse(file, "a module for Linux (ELF OS ABI 0 or 3)",
               "ELF OS ABI " + std::to_string(header.e_ident[EI_OSABI]), kGetRightModule);
    }
    if (header.e_machine != kMachine) {
        refuse(file, "a module for " + machine_name(kMachine), "one for " + machine_name(header.e_machine),
               kGetRightModule);
    }
    if (header.e_type != ET_DYN) {
        refuse(file, "a shared object", "ELF type " + std::to_string(header.e_type),
               "Put the linked .so here, not a program, an object file or a core dump");
    }
    return header;
}

void check_segments(const std::filesystem::path& file, const Header& header, const ImageReader& reader) {
    if (header.e_phnum == 0 || header.e_phnum == PN_XNUM || header.e_phentsize != sizeof(Segment)) {
        refuse(
            file, "a table of program headers",
            std::to_string(header.e_phnum) + " entries of " + std::to_string(header.e_phentsize) + " bytes",
            kGetWholeModule);
    }
    bool dynamic = false;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const std::string name = "program header " + std::to_string(i);
        const auto segment = reader.at<Segment>(header.e_phoff + std::uint64_t{i} * sizeof(Segment), name);
        if (!reader.holds(segment.p_offset, segment.p_filesz)) {
            reader.cut_short("the segment of " + name, segment.p_offset + segment.p_filesz);
        }
        if (segment.p_type == PT_LOAD && segment.p_filesz > segment.p_memsz) {
            refuse(file, name + " to fit its memory", "more bytes in the file than in memory",
                   kGetWholeModule);
        }
        dynamic = dynamic || segment.p_type == PT_DYNAMIC;
    }
    if (!dynamic) refuse(file, "a dynamic section", "none", kGetWholeModule);
}

void check_sections(const std::filesystem::path& file, const Header& header, const ImageReader& reader) {
    if (header.e_shoff == 0) return;  // stripped of them, which is legal
    if (header.e_shnum == 0 || header.e_shentsize != sizeof(Section)) {
        refuse(
            file, "a table of section headers",
            std::to_string(header.e_shnum) + " entries of " + std::to_string(header.e_shentsize) + " bytes",
            kGetWholeModule);
    }
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        const std::string name = "section header " + std::to_string(i);
        const auto section = reader.at<Section>(header.e_shoff + std::uint64_t{i} * sizeof(Section), name);
        if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL) continue;
        if (!reader.holds(section.sh_offset, section.sh_size)) {
            reader.cut_short("the section of " + name, section.sh_offset + section.sh_size);
        }
    }
}

}  // namespace

void check_elf(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    const Header header = check_header(file, bytes);
    const ImageReader reader(file, bytes);
    check_segments(file, header, reader);
    check_sections(file, header, reader);
}

}  // namespace crm::detail
