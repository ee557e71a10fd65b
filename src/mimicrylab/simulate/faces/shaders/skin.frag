in vec3 v_position;
in vec3 v_normal;
in vec3 v_rest;
in vec4 v_masks;
in float v_open;
out vec4 colour;
uniform sampler2D skin_colour;
uniform sampler2D skin_relief;   // relief of the whole head (mm), gloss
uniform sampler2D face_relief;   // relief of the front with its wrinkles (mm), how deep a furrow is
uniform vec4 front;              // left, top, width, height of the front on the whole map
uniform vec3 lip_colour;
uniform float relief_scale;
uniform vec2 texel;

vec2 find_height(vec2 uv) {
    vec2 f = (uv - front.xy) / front.zw;
    if (all(greaterThan(f, vec2(0.002))) && all(lessThan(f, vec2(0.998)))) return texture(face_relief, f).rg;
    return vec2(texture(skin_relief, uv).r, 0.0);
}

void main() {
    float angle = atan(v_rest.x, v_rest.z - 0.3);
    vec2 uv = vec2(angle / (2.0 * PI) + 0.5, (8.6 - v_rest.y) / 4.0);
    float lips = smoothstep(0.25, 0.7, v_masks.x), inner = smoothstep(0.2, 0.8, v_masks.w);
    vec3 n = normalize(v_normal);
    vec3 v = normalize(eye - v_position);
    float furrow = find_height(uv).g;
    float across = find_height(uv + vec2(texel.x, 0.0)).r - find_height(uv - vec2(texel.x, 0.0)).r;
    float down = find_height(uv + vec2(0.0, texel.y)).r - find_height(uv - vec2(0.0, texel.y)).r;
    vec2 gradient = relief_scale * vec2(across, down) / (2.0 * texel);
    gradient.x += lips * relief_scale * 28.0 * cos(v_rest.x * 260.0 + 3.0 * sin(v_rest.x * 31.0));
    vec3 px = dFdx(v_position), py = dFdy(v_position);
    vec3 r1 = cross(py, n), r2 = cross(n, px);
    float det = dot(px, r1);
    vec3 slope = sign(det) * (dot(gradient, dFdx(uv)) * r1 + dot(gradient, dFdy(uv)) * r2);
    vec3 bumped = normalize(abs(det) * n - slope);
    vec3 albedo = texture(skin_colour, uv).rgb;
    float gloss = texture(skin_relief, uv).g;
    albedo = mix(albedo, lip_colour * (0.86 + 0.28 * texture(skin_relief, uv * 3.0).r * 4.0), 0.8 * lips);
    albedo = mix(albedo, vec3(0.33, 0.07, 0.06), inner);
    albedo *= 1.0 + clamp(furrow, -1.0, 0.0) * vec3(0.16, 0.22, 0.22);
    gloss = mix(gloss, 0.72, lips);
    float open = mix(v_open, v_open * v_open, 0.5) * (1.0 - 0.75 * inner);
    vec3 soft_r = normalize(mix(bumped, n, 0.65)), soft_g = normalize(mix(bumped, n, 0.3));
    float shade = find_shadow(v_position, n);
    vec3 shadow = vec3(pow(shade, 0.72), shade, pow(shade, 1.08));
    vec3 wrap = vec3(0.34, 0.17, 0.13);
    vec3 d_key = vec3(dot(soft_r, key_direction), dot(soft_g, key_direction), dot(bumped, key_direction));
    vec3 d_fill = vec3(dot(soft_r, fill_direction), dot(soft_g, fill_direction), dot(bumped, fill_direction));
    d_key = clamp((d_key + wrap) / (1.0 + wrap), 0.0, 1.0);
    d_fill = clamp((d_fill + wrap) / (1.0 + wrap), 0.0, 1.0);
    vec3 bounce = pow(vec3(open), 1.0 - 0.45 * albedo);
    vec3 light = key_colour * d_key * d_key * shadow + fill_colour * d_fill * open
        + rim_colour * clamp(dot(bumped, rim_direction), 0.0, 1.0) * open + light_ambient(bumped) * bounce;
    float rough = mix(0.62, 0.36, gloss);
    float g = reflect_gloss(bumped, key_direction, v, rough) * shade * 0.75
        + reflect_gloss(bumped, key_direction, v, 0.28) * shade * 0.2 * gloss;
    vec3 shine = key_colour * g + fill_colour * reflect_gloss(bumped, fill_direction, v, rough) * open * 0.8
        + rim_colour * reflect_gloss(bumped, rim_direction, v, rough) * open;
    float edge = pow(1.0 - max(dot(n, v), 0.0), 4.0);
    shine += light_ambient(reflect(-v, bumped)) * (0.02 + 0.22 * edge) * open * (0.4 + 0.6 * gloss);
    shine *= smoothstep(0.0, 0.25, gloss);
    colour = vec4(develop(albedo * light + shine * (1.0 - inner * 0.3)), 1.0);
}
