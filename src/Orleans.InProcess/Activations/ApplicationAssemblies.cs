using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.InProcess;

/// <summary>Finds the application's assemblies without loading those of its libraries.</summary>
internal static class ApplicationAssemblies
{
    /// <summary>
    /// The loaded assemblies, and those beside the application, that reference <paramref name="library"/> themselves. A project
    /// of which no type is named in code has not been loaded yet, and is found all the same.
    /// </summary>
    public static IEnumerable<Assembly> ThatReference(Assembly library)
    {
        var name = library.GetName().Name!;
        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => !a.IsDynamic && a.GetReferencedAssemblies().Any(r => r.Name == name));
        var beside = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => References(file, name))
            .Select(file => Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(file))));
        return loaded.Concat(beside).Distinct();
    }

    private static bool References(string file, string name)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata)
        {
            return false; // a native library
        }

        var metadata = image.GetMetadataReader();
        return metadata.AssemblyReferences.Any(r => metadata.StringComparer.Equals(metadata.GetAssemblyReference(r).Name, name));
    }
}
