// Module files with manifests of every kind, and what crm-host says of them.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

#include "host_process.hpp"

namespace host_test {

std::string read_file(const std::filesystem::path& file);
// Readable by everybody, writable by the owner.
void write_file(const std::filesystem::path& file, const std::string& text);

// Copies the module and the manifest of the probe named `stem` out of the build.
void install_probe(const std::filesystem::path& plugins, const std::string& stem = "host-probe");

// A module file of these bytes with an unsigned manifest that fits it but for `changes`. The file.
std::filesystem::path add_module(const std::filesystem::path& plugins, const std::string& stem,
                                 const std::string& bytes, const boost::json::object& changes = {});
// Changes or, with null, removes members of the manifest of a module file.
void edit_manifest(const std::filesystem::path& module, const boost::json::object& changes);

// crm-sign-manifest; throws when it fails.
void sign_manifest(const std::filesystem::path& module, const std::filesystem::path& key = PUBLISHER_KEY);
// A new publisher's key; the public one is `<file>.pub`.
void make_key(const std::filesystem::path& file, const std::string& name);

}  // namespace host_test
