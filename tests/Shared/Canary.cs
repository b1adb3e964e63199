using System.Security.Cryptography;

namespace Dewy.Tests;

/// <summary>
/// A mark in secrets that must not show up anywhere: no word that a path of a stack trace or a message could hold by chance.
/// </summary>
internal static class Canary
{
    /// <summary>Letters and digits, other ones in each process.</summary>
    public static string Mark { get; } = $"canary{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
}
